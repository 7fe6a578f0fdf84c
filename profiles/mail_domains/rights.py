"""Who adds and removes email domains, and chooses how people with such an address join."""

from profiles.roles import Member, Role


def manages_mail_domains(user: Member) -> bool:
    return user.is_active and user.role == Role.OWNER

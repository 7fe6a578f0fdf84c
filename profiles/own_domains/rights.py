"""Who adds and removes domains, and chooses the main address."""

from profiles.roles import Member, Role


def manages_domains(user: Member) -> bool:
    return user.is_active and user.role == Role.OWNER

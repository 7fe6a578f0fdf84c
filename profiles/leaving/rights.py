"""Who may delete the organisation."""

from profiles.roles import Member, Role


def deletes_organisation(user: Member) -> bool:
    return user.is_active and user.role == Role.OWNER

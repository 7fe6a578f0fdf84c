"""Who may export the organisation."""

from profiles.roles import Member, Role


def exports_organisation(user: Member) -> bool:
    """Owners may export all data of the organisation."""
    return user.is_active and user.role == Role.OWNER

"""Who exports the organisation."""

from profiles.roles import Member, Role


def exports_organisation(user: Member) -> bool:
    """Everything that the organisation has: for its owners."""
    return user.is_active and user.role == Role.OWNER

"""Who may hand over the ownership."""

from profiles.roles import Member, Role


def hands_over(user: Member) -> bool:
    return user.is_active and user.role == Role.OWNER

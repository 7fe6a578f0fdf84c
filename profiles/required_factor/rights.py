"""Who sets the policy."""

from profiles.roles import Member, Role


def requires_factor(user: Member) -> bool:
    return user.is_active and user.role == Role.OWNER

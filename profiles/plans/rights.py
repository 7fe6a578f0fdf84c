"""Who sees the plan: those who answer for the organisation."""

from profiles.roles import Member, Role


def sees_plan(user: Member) -> bool:
    return user.is_active and user.role == Role.OWNER

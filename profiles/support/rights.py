"""Who decides about support's access."""

from profiles.roles import Member, Role


def manages_support(user: Member) -> bool:
    return user.is_active and user.role == Role.OWNER

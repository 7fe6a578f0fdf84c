"""Who sets provisioning up."""

from profiles.roles import Member, Role


def sets_up(user: Member) -> bool:
    return user.is_active and user.role == Role.OWNER

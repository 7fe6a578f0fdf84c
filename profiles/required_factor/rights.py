"""Who sets the policy."""

from profiles.roles import Member, Role
from tenants.context import is_of_operators


def requires_factor(user: Member) -> bool:
    """In the operators' organisation it is required of all members, at once."""
    return user.is_active and user.role == Role.OWNER and not is_of_operators()

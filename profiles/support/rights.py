"""Who decides about support's access."""

from profiles.roles import Member, Role
from tenants.context import is_of_operators


def manages_support(user: Member) -> bool:
    """No operator signs in as another operator, whatever is chosen."""
    return user.is_active and user.role == Role.OWNER and not is_of_operators()

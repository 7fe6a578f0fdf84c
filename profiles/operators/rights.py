"""Who may do what in the console: members of the operators' organisation alone."""

from profiles.roles import MANAGERS, Member
from tenants.context import current


def is_operator(user: Member) -> bool:
    tenant = current()
    return user.is_active and tenant is not None and tenant.is_operators


def sees_console(user: Member) -> bool:
    """Every member there looks."""
    return is_operator(user)


def operates(user: Member) -> bool:
    """Owners and admins act on organisations and jobs."""
    return is_operator(user) and user.role in MANAGERS

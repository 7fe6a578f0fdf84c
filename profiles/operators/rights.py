"""Who may do what in the console: members of the operators' organisation alone."""

from profiles.roles import MANAGERS, Member
from tenants.context import is_of_operators


def is_operator(user: Member) -> bool:
    return user.is_active and is_of_operators()


def sees_console(user: Member) -> bool:
    """Every member there looks."""
    return is_operator(user)


def operates(user: Member) -> bool:
    """Owners and admins act on organisations and jobs."""
    return is_operator(user) and user.role in MANAGERS

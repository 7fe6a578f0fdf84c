"""Who may delete the organisation."""

from profiles.roles import Member, Role
from tenants.context import is_of_operators


def deletes_organisation(user: Member) -> bool:
    """Without the operators' own organisation there is no console: it is removed by the command alone."""
    return user.is_active and user.role == Role.OWNER and not is_of_operators()

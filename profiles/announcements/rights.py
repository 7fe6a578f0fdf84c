"""Who announces: operators who write."""

from profiles.operators.rights import is_operator
from profiles.roles import WRITERS, Member


def announces(user: Member) -> bool:
    return is_operator(user) and user.role in WRITERS

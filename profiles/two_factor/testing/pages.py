"""What the addresses are about, and which pages are looked at."""

from collections.abc import Callable

from profiles.models import User

# The statement of the panel on a member's page. In lists, factors are part of the list's own.
COUNTED = ('AS "a" FROM "mfa_authenticator" WHERE', 'SELECT "mfa_authenticator"."id" FROM "mfa_authenticator" WHERE')
BROWSED = {"owner": ["/account/2fa/", "/members/editor/two-factor/reset/"]}


def arguments(people: dict[str, User]) -> dict[str, Callable[[User], list[object]]]:
    return {"reset_two_factor": lambda user: [user.username]}

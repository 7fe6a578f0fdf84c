"""Where the browsers' names are shown, and which page is looked at."""

from collections.abc import Callable

from profiles.models import User

# A cookie of the sign-in page, and the module that reads it: the tests of this app try odd ones.
SIGNED = {"account_login": "profiles/sessions/devices.py"}
SHOWING = ["/account/sessions/"]
BROWSED = {"owner": ["/account/sessions/"]}


def arguments(people: dict[str, User]) -> dict[str, Callable[[User], list[object]]]:
    return {"end_session": lambda _user: [0]}

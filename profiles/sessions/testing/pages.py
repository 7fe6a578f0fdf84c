"""Where the browsers' names are shown, and which page is looked at."""

from collections.abc import Callable

from profiles.models import User

SHOWING = ["/account/sessions/"]
BROWSED = {"owner": ["/account/sessions/"]}


def arguments(people: dict[str, User]) -> dict[str, Callable[[User], list[object]]]:
    return {"end_session": lambda _user: [0]}

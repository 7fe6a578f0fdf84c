"""What the addresses of exports are about, and which pages are looked at."""

from collections.abc import Callable

from profiles.models import User

BROWSED = {"owner": ["/settings/export/", "/account/data/"]}


def arguments(_people: dict[str, User]) -> dict[str, Callable[[User], list[object]]]:
    return {"download_export": lambda _user: ["dead"]}

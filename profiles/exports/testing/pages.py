"""What the addresses of exports are about, and which pages are looked at."""

from collections.abc import Callable

from profiles.models import User

# Addresses with a signed token, and the module that reads it: the tests of this app try odd ones.
SIGNED = {"download_export": "profiles/exports/keeping.py"}
BROWSED = {"owner": ["/settings/export/", "/account/data/"]}


def arguments(_people: dict[str, User]) -> dict[str, Callable[[User], list[object]]]:
    return {"download_export": lambda _user: ["dead"]}

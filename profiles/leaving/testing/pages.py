"""What the forms and addresses of this app are about, and which pages are looked at."""

from collections.abc import Callable

from profiles.models import User

# Addresses with a signed token, and the module that reads it: the tests of this app try odd ones.
SIGNED = {"keep_organisation": "profiles/leaving/telling.py"}
FORMS = {"delete_organisation": {"slug": "acme"}}
BROWSED = {"owner": ["/settings/delete/"]}


def arguments(_people: dict[str, User]) -> dict[str, Callable[[User], list[object]]]:
    return {"keep_organisation": lambda _user: ["acme", "dead"]}

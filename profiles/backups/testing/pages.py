"""What the addresses and forms of this app are about. Without a sandbox they are 404; its own tests have one."""

from collections.abc import Callable

from profiles.models import User

BROWSED = {"owner": ["/settings/sandbox/"]}
FORMS = {"take_from_sandbox": {"what": "profiles.User", "row": "1"}}


def arguments(_people: dict[str, User]) -> dict[str, Callable[[User], list[object]]]:
    return {"sandbox_rows": lambda _user: ["profiles.User"]}

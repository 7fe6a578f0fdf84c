"""What the addresses of this app are about: acme, which has no sandbox. Its own tests have one."""

from collections.abc import Callable

from profiles.models import User
from tenants.context import required

REASON = {"reason": "They deleted a member"}
FORMS = {
    "console_sandbox_action": REASON | {"backup": "0", "slug": "acme-sandbox"},
    "console_sandbox_rows": REASON,
    "console_sandbox_take": REASON | {"what": "profiles.User", "row": "1"},
}


def arguments(_people: dict[str, User]) -> dict[str, Callable[[User], list[object]]]:
    key = required().pk
    return {
        "console_sandbox": lambda _user: [key],
        "console_sandbox_action": lambda _user: [key, "make_sandbox"],
        "console_sandbox_rows": lambda _user: [key, "profiles.User"],
        "console_sandbox_take": lambda _user: [key, "profiles.User"],
    }

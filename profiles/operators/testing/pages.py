"""What the addresses of the console are about: acme, and a job of it."""

from collections.abc import Callable

from profiles.models import User
from tenants.context import required

FORMS = {
    "console_action": {"reason": "They asked us by phone", "sentence": "Please pay."},
    "console_jobs_do": {"task": "profiles.deliver", "status": "failed"},
}


def arguments(_people: dict[str, User]) -> dict[str, Callable[[User], list[object]]]:
    key = required().pk
    return {
        "console_organisation": lambda _user: [key],
        "console_action": lambda _user: [key, "suspend"],
        "console_jobs_do": lambda _user: ["retry"],
    }

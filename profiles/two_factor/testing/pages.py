"""What the addresses are about, and which pages are looked at."""

from collections.abc import Callable

from profiles.models import User

BROWSED = {"owner": ["/account/2fa/", "/members/editor/two-factor/reset/"]}


def arguments(people: dict[str, User]) -> dict[str, Callable[[User], list[object]]]:
    return {"reset_two_factor": lambda user: [user.username]}

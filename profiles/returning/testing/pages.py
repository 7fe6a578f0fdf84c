"""What the addresses of this app are about, and which pages are looked at."""

from collections.abc import Callable

from profiles.models import User
from profiles.returning.models import KEPT, Former

COUNTED = ("returning_former",)
SHOWING = ["/members/former/"]
BROWSED = {"owner": ["/members/former/"]}


def arguments(people: dict[str, User]) -> dict[str, Callable[[User], list[object]]]:
    values = dict.fromkeys(KEPT, "") | {"time_zone": "Europe/Berlin"}
    former = Former.objects.create(email="left@new.example", name="Lena Left", role="editor", profile=values)
    return dict.fromkeys(("invite_back", "forget_former_member"), lambda _user: [former.pk])

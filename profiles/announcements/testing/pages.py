"""What the addresses of announcements are about: one that all members see for an hour."""

from collections.abc import Callable
from datetime import timedelta

from django.utils import timezone

from profiles.announcements.models import Announcement
from profiles.models import User
from tenants.context import public

WRITTEN = {
    "text": "Maintenance tonight",
    "level": "warning",
    "audience": "everyone",
    "slugs": "",
    "starts": "2026-11-27T20:00",
    "ends": "2099-11-27T22:00",
}
FORMS = {"new_announcement": WRITTEN, "edit_announcement": WRITTEN}


def arguments(_people: dict[str, User]) -> dict[str, Callable[[User], list[object]]]:
    with public():
        made = Announcement.objects.create(
            text="A new version", starts=timezone.now(), ends=timezone.now() + timedelta(hours=1)
        )
    return {
        "close_announcement": lambda _user: [made.pk],
        "edit_announcement": lambda _user: [made.pk],
        "end_announcement": lambda _user: [made.pk],
    }

"""What the addresses of bulk actions are about, and which pages are looked at."""

from collections.abc import Callable

from profiles.bulk_actions import changes
from profiles.models import User

# Statements on these tables are counted by the tests of this app.
COUNTED = ("bulk_actions_run",)
BROWSED = {"owner": ["/members/bulk/?list=people&do=role&all=1", "/members/bulk/?list=people&do=remove&all=1"]}


def arguments(people: dict[str, User]) -> dict[str, Callable[[User], list[object]]]:
    """What the owner has done to all, the owner too."""
    rows = [person.pk for person in people.values()]
    values = {"role": "reader"}
    run = changes.start(actor=people["owner"], list_name="people", action="role", rows=rows, values=values)
    for person in people.values():  # As they were, for the other addresses.
        person.save(update_fields=["role"])
    return dict.fromkeys(("bulk_run", "undo_bulk_run"), lambda _user: [run.pk])

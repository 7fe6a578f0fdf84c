"""What the addresses of bulk actions are about, and which pages are looked at."""

from collections.abc import Callable

from profiles.bulk_actions.models import Run
from profiles.models import User

# Statements on these tables are counted by the tests of this app.
COUNTED = ("bulk_actions_run",)
BROWSED = {"owner": ["/members/bulk/?list=people&do=role&all=1", "/members/bulk/?list=people&do=remove&all=1"]}


def arguments(people: dict[str, User]) -> dict[str, Callable[[User], list[object]]]:
    """The owner has deactivated Gone, and ticked themselves too."""
    run = Run.objects.create(
        actor=people["owner"],
        list_name="people",
        action="deactivate",
        total=2,
        waiting=[],
        done=[people["gone"].pk],
        refused={"self": [people["owner"].pk]},
    )
    return dict.fromkeys(("bulk_run", "undo_bulk_run"), lambda _user: [run.pk])

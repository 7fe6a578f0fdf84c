"""What the addresses and forms of groups are about, and which pages are looked at."""

from collections.abc import Callable

from profiles.groups.models import Group, Membership
from profiles.models import User

# Statements on these tables are counted by the tests of this app.
COUNTED = ("groups_group", "groups_membership")
TYPED = {"name": "Rocketry", "description": "They build the engines."}
# The owner is the first member of each organisation, and the reader the fourth.
FORMS = {
    "new_group": TYPED,
    "edit_group": TYPED,
    "add_to_group": {"member": "1"},
    "take_out_of_group": {"member": "4"},
}
BODIES = {("POST", "groups"): TYPED, ("PUT", "group"): TYPED}
SHOWING = ["/groups/"]
BROWSED = {"owner": ["/groups/", "/groups/?q=nothing", "/groups/new/"]}


def arguments(people: dict[str, User]) -> dict[str, Callable[[User], list[object]]]:
    """A group that the reader is in."""
    group = Group.objects.create(name="Seen here only")
    Membership.objects.create(group=group, user=people["reader"])
    about_one = ("group", "edit_group", "delete_group", "add_to_group", "take_out_of_group")
    about_it = (*about_one, "api-v1:group", "api-v1:group_members")
    return {
        **dict.fromkeys(about_it, lambda _user: [group.pk]),
        "api-v1:group_member": lambda user: [group.pk, user.username],
    }

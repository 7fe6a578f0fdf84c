"""Groups that an invited person is put into when they join."""

import re
from collections.abc import Collection, Mapping

from django.utils.translation import gettext_lazy as _

from profiles.groups.models import Group, Membership
from profiles.invitations.columns import InvitationColumn
from profiles.models import User
from tenants.events import emit

# Between names in one cell. A name with one of them in it has to be added by hand later.
SEPARATORS = re.compile(r"[,;|]")


def read(texts: Collection[str]) -> Mapping[str, list[int]]:
    """The groups by their primary keys, of each text in which all names are those of groups."""
    keys = {name.casefold(): pk for name, pk in Group.objects.values_list("name", "pk")}
    wanted = {text: [name.strip().casefold() for name in SEPARATORS.split(text) if name.strip()] for text in texts}
    return {text: sorted({keys[name] for name in names}) for text, names in wanted.items() if keys.keys() >= {*names}}


def join(member: User, keys: list[int], by: User | None) -> None:
    """Into those of the groups that are still there."""
    for group in Group.objects.select_for_update(no_key=True).filter(pk__in=keys).order_by("pk"):
        Membership.objects.create(group=group, user=member)
        emit("group.member_added", member, group, by=by)


COLUMN = InvitationColumn(
    name="groups",
    label=_("Groups"),
    heads=("groups", "group", "gruppen", "gruppe", "المجموعات"),
    read=read,
    join=join,
)

"""Groups in the lists of people: a filter, and a column of the list with all columns and of the file."""

from collections import defaultdict
from collections.abc import Mapping, Sequence

from django import forms
from django.utils.translation import gettext_lazy as _

from profiles.groups.fields import GroupField
from profiles.groups.models import Group, Membership
from profiles.groups.rights import manages_groups
from profiles.models import User
from profiles.models.user import UserQuerySet
from profiles.people.added import Filter, PeopleColumn, Where


def field() -> forms.Field:
    return GroupField(required=False, empty_label=_("Any group"))


def narrow(members: UserQuerySet, group: Group) -> UserQuerySet:
    return members.filter(groups=group)


def names(members: Sequence[User]) -> Mapping[int, str]:
    """The names of each member's groups."""
    found = defaultdict(list)
    pairs = Membership.objects.filter(user__in=members).order_by("group__name").values_list("user_id", "group__name")
    for pk, name in pairs:
        found[pk].append(name)
    return {pk: ", ".join(each) for pk, each in found.items()}


FILTER = Filter(name="group", field=field, narrow=narrow)


def columns(viewer: User, where: Where) -> list[PeopleColumn]:
    is_shown = where != "list" and manages_groups(viewer)
    return [PeopleColumn(name="groups", label=_("Groups"), values=names)] if is_shown else []

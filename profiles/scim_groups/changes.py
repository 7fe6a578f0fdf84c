"""What a directory does to groups, by the verbs of groups, and the roles that follow from it."""

from collections.abc import Iterable

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from profiles.groups import changes as groups
from profiles.groups.models import Group, Membership
from profiles.members.changes import change_role
from profiles.models import User
from profiles.role_lines import parsed, role_by
from profiles.roles import Role
from profiles.scim.accounts import members
from profiles.scim.filters import key
from profiles.scim.models import Directory
from profiles.scim_groups import resources
from profiles.scim_groups.models import Link
from profiles.scim_groups.shown import link_of
from tenants.events import emit

LONGEST_ID = 200


@transaction.atomic
def make(*, directory: Directory, wanted: resources.Group) -> Group:
    """Raises ValidationError for a name that is taken or not valid, and for members who are none."""
    by = directory.service
    group = groups.make(actor=by, name=name_of(wanted))
    link(group, wanted.external_id or "", by=by)
    fill(directory, group, add=keys(wanted), take_out=set())
    return group


@transaction.atomic
def change(*, directory: Directory, group: Group, before: resources.Group, wanted: resources.Group) -> None:
    """Only the differences are done, so that two changes at the same time lose none. Raises like make()."""
    by, former = directory.service, group.name
    if wanted.display_name != before.display_name:
        group = groups.change(actor=by, group=group, name=name_of(wanted), description=group.description)
    if wanted.external_id != before.external_id:
        link(group, wanted.external_id or "", by=by)
    present, future = keys(before), keys(wanted)
    fill(directory, group, add=future - present, take_out=present - future)
    if group.name != former:
        follow(directory, {former, group.name}, members().filter(groups=group.pk))


@transaction.atomic
def remove(*, directory: Directory, group: Group) -> None:
    people = list(members().filter(groups=group.pk))
    groups.delete(actor=directory.service, group=group)
    follow(directory, {group.name}, people)


def name_of(wanted: resources.Group) -> str:
    return (wanted.display_name or "").strip()


def keys(wanted: resources.Group) -> set[int]:
    """The members' primary keys. Raises ValidationError for what is no id."""
    found = {key(each.value or "") for each in wanted.members or ()}
    if None in found:
        raise no_member()
    return {each for each in found if each is not None}


def no_member() -> ValidationError:
    return ValidationError({"members": ValidationError(_("There is no user with this id."), code="unknown")})


def fill(directory: Directory, group: Group, *, add: set[int], take_out: set[int]) -> None:
    """Raises ValidationError if one who is to be added is no member."""
    if add:
        if members().filter(pk__in=add).count() != len(add):
            raise no_member()
        groups.add(actor=directory.service, group=group, members=add)
    if take_out:
        groups.take_out(actor=directory.service, group=group, members=take_out)
    if add or take_out:
        follow(directory, {group.name}, members().filter(pk__in=add | take_out))


def follow(directory: Directory, named: set[str], people: Iterable[User]) -> None:
    """Give members the role of their groups, if one of these groups gives one. Owners stay owners."""
    if not named & {group for group, _role in parsed(directory.roles)}:
        return
    for member in people:
        names = set(Membership.objects.filter(user=member).values_list("group__name", flat=True))
        role = role_by(directory.roles, names) or directory.role
        if member.role not in (role, Role.OWNER):
            change_role(actor=directory.service, member=member, role=role)


def link(group: Group, external_id: str, *, by: User) -> None:
    """Store what the directory calls the group. Raises ValidationError for what another one is called."""
    if len(external_id) > LONGEST_ID:
        words = _("An externalId has at most %(id)s characters.")
        raise ValidationError({"externalId": ValidationError(words, code="long", params={"id": LONGEST_ID})})
    if not external_id:
        Link.objects.filter(group=group).delete()
        return
    is_new = link_of(group) is None
    try:
        with transaction.atomic():
            Link(group=group, external_id=external_id).save(force_insert=is_new, force_update=not is_new)
    except IntegrityError as error:
        words = _("Another group has this externalId.")
        raise ValidationError({"externalId": ValidationError(words, code="unique")}) from error
    if is_new:
        emit("scim.group_linked", group, by=by)

"""A removed member's profile is kept, invited back with, restored, or forgotten."""

from collections.abc import Collection, Mapping
from typing import Any

from django.conf import settings
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import models, transaction
from django.utils.translation import gettext_lazy as _

from profiles.invitations.changes import check_may_give, invite
from profiles.invitations.columns import InvitationColumn
from profiles.models import Invitation, Profile, User
from profiles.returning.models import KEPT, Former
from profiles.roles import Role, grants, manages_members
from profiles.seats import lock
from shared.checked import check_values
from tenants.events import emit


def field_of(name: str) -> "models.Field[Any, Any]":
    return Profile._meta.get_field(name)  # type: ignore[return-value]  # none of them is a relation


def keep(member: User) -> None:
    """Called before a member is removed, in that transaction. Who leaves by themselves is not kept."""
    forget_earlier(member)
    profile = Profile.objects.filter(user=member).first()
    if settings.FORMER_PROFILES_KEPT_DAYS and member.email and profile:
        values = {name: field_of(name).value_to_string(profile) for name in KEPT}
        Former.objects.create(email=member.email, name=member.name, role=member.role, profile=values)


def forget_earlier(member: User) -> None:
    """Delete what is left of an earlier time as a member."""
    Former.objects.filter(email=member.email).delete()


@transaction.atomic
def invite_back(*, actor: User, former: Former) -> Invitation:
    """Invite a former member, with the role that they had, and as a reader if the actor may not give it.

    Raises as invite() does, and Former.DoesNotExist if it has been forgotten meanwhile.
    """
    lock()
    check_may_give(actor, Role.READER)
    former = Former.objects.kept().select_for_update().get(pk=former.pk)
    role = former.role if former.role != Role.OWNER and grants(actor, former.role) else Role.READER
    return invite(actor=actor, email=former.email, role=role, name=former.name, added={COLUMN.name: str(former.pk)})


def restore(member: User, key: str, by: User | None) -> None:
    """The profile of a member who has just accepted, if it is still kept: for their address, and for no other."""
    former = Former.objects.kept().select_for_update().filter(pk=key, email=member.email).first()
    if former is None:
        return
    profile = Profile.objects.select_for_update(of=["self"]).get(user=member)
    restored = [name for name in KEPT if name in former.profile and put_back(profile, name, former.profile[name])]
    profile.save(update_fields=[*restored, "updated"])
    emit("member.profile_restored", member, profile, by=by)
    forget_earlier(member)


def put_back(profile: Profile, name: str, text: str) -> bool:
    """What is no longer valid, as a time zone that is gone, is left out: it must not keep anyone from coming back."""
    before, field = getattr(profile, name), field_of(name)
    try:
        value = field.to_python(text or None)
        setattr(profile, name, value if value is not None or field.null else "")
        check_values(profile, [name])
    except ValidationError:
        setattr(profile, name, before)
        return False
    return True


@transaction.atomic
def forget(*, actor: User, former: Former) -> None:
    """Delete at once what is kept. Raises PermissionDenied."""
    if not manages_members(actor):
        raise PermissionDenied
    emit("former_member.forgotten", former, by=actor)
    former.delete()


def no_column(_texts: Collection[str]) -> Mapping[str, str]:
    """No file names what is kept."""
    return {}


COLUMN = InvitationColumn(name="former_profile", label=_("Former profile"), heads=(), read=no_column, join=restore)

"""The first steps of a new organisation's owners: which are done, and hiding the card."""

from typing import Any, NamedTuple

from allauth.account.models import EmailAddress
from django.core.exceptions import PermissionDenied
from django.db.models import Exists
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.module_loading import import_string
from django.views.decorators.http import require_POST

from profiles import roles
from profiles.models import Invitation, User
from profiles.requests import MemberRequest
from shared.capabilities.base import Step
from shared.capabilities.registry import first_steps
from tenants.context import public, required

Done = bool | Any  # a bool, or a condition that a query evaluates


class Shown(NamedTuple):
    step: Step
    is_done: bool


def confirmed(viewer: User) -> Done:
    return Exists(EmailAddress.objects.filter(user=viewer, email__iexact=viewer.email, verified=True))


def has_photo(viewer: User) -> Done:
    profile = getattr(viewer, "profile", None)
    return bool(profile and profile.photo.name)


def has_look(_viewer: User) -> Done:
    return bool(required().logo or required().accent)


def has_invited(viewer: User) -> Done:
    return Exists(User.objects.exclude(pk=viewer.pk)) | Exists(Invitation.objects.all())


def is_shown_to(viewer: User) -> bool:
    return roles.sets_up(viewer) and not required().first_steps_dismissed


def look_at(viewer: User) -> tuple[bool, list[Shown]]:
    """Whether the viewer's address is confirmed, and the first steps to show: none if all are done.

    All conditions are queried in one statement.
    """
    steps = [step for step in first_steps() if is_shown_to(viewer) and may(viewer, step)]
    found = answers(viewer, [confirmed(viewer), *(import_string(step.done)(viewer) for step in steps)])
    shown = [Shown(step, is_done) for step, is_done in zip(steps, found[1:], strict=True)]
    return found[0], [] if all(each.is_done for each in shown) else shown


def may(viewer: User, step: Step) -> bool:
    return not step.may or getattr(roles.May(viewer), step.may)


def answers(viewer: User, conditions: list[Done]) -> list[bool]:
    """The result of each condition, in their order."""
    asked = {f"answer_{at}": each for at, each in enumerate(conditions) if not isinstance(each, bool)}
    row = User.objects.filter(pk=viewer.pk).values(**asked).first() or {}
    return [each if isinstance(each, bool) else bool(row.get(f"answer_{at}")) for at, each in enumerate(conditions)]


@require_POST
def dismiss(request: MemberRequest) -> HttpResponse:
    if not roles.sets_up(request.user):
        raise PermissionDenied
    tenant = required()
    tenant.first_steps_dismissed = True
    with public():
        tenant.save(update_fields=["first_steps_dismissed"])
    return redirect("home")

"""Lists of invitations: kept as a draft, corrected, sent."""

from collections.abc import Mapping

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from profiles.bulk_invitations.lines import Line, role_of
from profiles.bulk_invitations.models import Batch
from profiles.bulk_invitations.outcomes import Outcome, foresee
from profiles.bulk_invitations.sending import send_some
from profiles.models import User
from profiles.roles import manages_members
from tenants.events import emit


def draft(*, actor: User, people: list[Line], message: str = "") -> Batch:
    """Store a list as a draft, to be checked and corrected before it is sent. Raises PermissionDenied."""
    if not manages_members(actor):
        raise PermissionDenied
    batch = Batch(by=actor, message=message)
    batch.people = people
    batch.save()
    return batch


@transaction.atomic
def correct(*, pk: int, typed: Mapping[str, str]) -> None:
    """Replace what was typed anew: `email-3`, `role-3` and `groups-3` of the fourth line.
    A line without an address is dropped.

    Raises Batch.DoesNotExist for a list that has been sent, and ValidationError if it has another number of `lines` by
    now: another manager has dropped some.
    """
    batch = Batch.objects.select_for_update(of=["self"]).get(pk=pk, sent=None)
    if typed.get("lines") != str(len(batch.lines)):
        raise ValidationError(
            _("This list has changed since you opened the page. Please look at it again."), code="changed"
        )
    people = [corrected(line, number, typed) for number, line in enumerate(batch.people)]
    batch.people = [line for line in people if line.email or line.role]
    batch.save(update_fields=["lines"])


def corrected(line: Line, number: int, typed: Mapping[str, str]) -> Line:
    email = typed.get(f"email-{number}", line.email)
    role = role_of(typed.get(f"role-{number}", line.role), line.role)
    added = {name: typed.get(f"{name}-{number}", text) for name, text in line.added.items()}
    return Line(email, role, line.name, added) if email.strip() else Line("", "")


@transaction.atomic
def send(*, actor: User, pk: int) -> Batch:
    """Invite all people of a list who can be invited, by a job.

    Raises PermissionDenied for a member who does not manage members now, and Batch.DoesNotExist for a list that has
    been sent already.
    """
    actor = User.objects.select_for_update(no_key=True).get(pk=actor.pk)
    if not manages_members(actor):
        raise PermissionDenied
    batch = Batch.objects.select_for_update(of=["self"]).get(pk=pk, sent=None)
    people = batch.people
    for line, outcome in zip(people, foresee(people, actor), strict=True):
        line.code = "" if outcome == Outcome.NEW else outcome
    batch.by, batch.people, batch.sent = actor, people, timezone.now()
    batch.save()
    emit("invitation_list.sent", batch, by=actor)
    send_some.defer(pk=batch.pk)
    return batch

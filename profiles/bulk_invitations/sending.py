"""The job that invites the people of a list."""

from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from procrastinate import RetryStrategy

from profiles.bulk_invitations.lines import Line
from profiles.bulk_invitations.models import Batch
from profiles.bulk_invitations.outcomes import Outcome, what_is_added
from profiles.invitations.changes import invite
from profiles.language import in_words_of
from profiles.models import User
from profiles.seats import lock
from tenants.tasks import tenant_task

# Between two parts, other organisations' jobs run, and the page shows the progress.
PART = 25
RETRY = RetryStrategy(max_attempts=8, exponential_wait=4)


@tenant_task(name="profiles.send_invitation_list", retry=RETRY)
def send_some(pk: int) -> None:
    """Invite the next people of a list, and queue the job for the others.

    The invitations and the note that they were sent are one transaction: a job that is killed and run again invites
    no one twice.
    """
    with transaction.atomic():
        lock()
        list(User.objects.select_for_update(no_key=True).filter(pk__in=Batch.objects.filter(pk=pk).values("by")))
        batch = (
            Batch.objects.select_for_update(of=["self"]).select_related("by__profile").filter(pk=pk, done=None).first()
        )
        if batch is None:
            return
        people = batch.people
        waiting = [line for line in people if not line.code]
        with in_words_of(batch.by):
            # Mailboxes are counted in the same order by all jobs, so that two jobs cannot wait for each other.
            part = sorted(waiting[:PART], key=lambda line: line.email)
            for line, added in zip(part, what_is_added(part), strict=True):
                line.code, line.words = sent(batch, line, added)
        batch.people = people
        batch.done = timezone.now() if len(waiting) <= PART else None
        batch.save(update_fields=["lines", "done"])
        if not batch.done:
            send_some.defer(pk=pk)


def sent(batch: Batch, line: Line, added: dict[str, Any] | None) -> tuple[str, str]:
    """Invite one person. Returns the outcome, with a sentence if they were not invited."""
    if batch.by is None:
        return Outcome.FAILED, _("The member who sent this list has been removed.")
    if added is None:
        return Outcome.UNKNOWN, ""
    try:
        invite(actor=batch.by, email=line.email, role=line.role, message=batch.message, name=line.name, added=added)
    except PermissionDenied:
        return Outcome.ROLE, ""
    except ValidationError as refusal:
        code = getattr(refusal, "code", "") or ""
        return (code, "") if code in Outcome.values else (Outcome.FAILED, " ".join(refusal.messages))
    return Outcome.SENT, ""

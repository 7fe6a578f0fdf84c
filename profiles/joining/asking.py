"""Requests to join: sent, approved, declined."""

from contextlib import suppress

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from procrastinate import RetryStrategy

from profiles.invitations.changes import invite, unsubscribe
from profiles.joining.known import is_known
from profiles.joining.models import Applicant, Joining
from profiles.mail import refusals
from profiles.mail.outbox import post
from profiles.models import Invitation, User
from profiles.roles import MANAGERS, Role, manages_members
from profiles.seats import lock
from tenants.context import required
from tenants.events import emit
from tenants.notices import notify
from tenants.tasks import tenant_task

MOST_WAITING = 500
# At most this many owners and admins get the mail.
MOST_TOLD = 50
RETRY = RetryStrategy(max_attempts=8, exponential_wait=4)


@transaction.atomic
def allow_requests(*, actor: User, is_allowed: bool) -> None:
    """Raises PermissionDenied. Switching requests off keeps those that are pending."""
    check_manages(actor)
    joining = Joining.locked()
    emit("joining.changed", joining, by=actor, takes_requests=(joining.takes_requests, is_allowed))
    joining.takes_requests = is_allowed
    joining.save(update_fields=["takes_requests"])


@transaction.atomic
def ask_to_join(*, email: str, name: str, message: str = "") -> None:
    """Store a request. A job processes it, so that the page takes the same time for a known address and another one.

    Raises Joining.DoesNotExist where no requests are taken, and what keep_request() raises.
    """
    if not Joining.load().takes_requests:
        raise Joining.DoesNotExist
    consider.defer(pk=keep_request(email=email, name=name, message=message))


def keep_request(*, email: str, name: str, message: str = "") -> int:
    """Its primary key, or 0 if this person has a request that waits: a second one changes nothing.

    Raises ValidationError, by field, or if too many wait.
    """
    if Applicant.objects.waiting().count() >= MOST_WAITING:
        raise ValidationError(_("Too many requests are waiting at the moment. Try again in a few days."), code="many")
    applicant = Applicant(email=email, name=name, message=message)
    applicant.check_values()
    with suppress(IntegrityError), transaction.atomic():
        applicant.save()
    return applicant.pk or 0


@tenant_task(name="profiles.consider_join_request", queue="mail", retry=RETRY)
def consider(pk: int) -> None:
    """Tell the managers of a request, or a person whose address is known what they can do. 0 is a repeated request."""
    with transaction.atomic():
        if applicant := considered(pk):
            put_before_managers(applicant)


def considered(pk: int) -> Applicant | None:
    """The pending request, locked. None if it is decided already, or if the address is known: then it is deleted."""
    applicant = Applicant.objects.waiting().select_for_update().filter(pk=pk).first()
    if applicant and is_known(applicant.email):
        applicant.delete()
        return None
    return applicant


def put_before_managers(applicant: Applicant) -> None:
    emit("join_request.sent", applicant)
    tell_managers(applicant)


def tell_managers(applicant: Applicant) -> None:
    """Mail them once, and not again until one of them has looked at the requests."""
    joining = Joining.locked()
    if joining.told:
        return
    joining.told = timezone.now()
    joining.save(update_fields=["told"])
    url = required().url(reverse("join_requests"))
    managers = User.objects.active().filter(role__in=MANAGERS)
    notify(managers, "join_request.sent", applicant, name=applicant.name)
    for manager in managers.exclude(email="").select_related("profile").order_by("pk")[:MOST_TOLD]:
        post(to=manager.email, reader=manager, template="join_requests", context={"member": manager, "url": url})


def seen() -> None:
    """A manager has looked at the requests: the next one is mailed again."""
    Joining.objects.exclude(told=None).update(told=None)


@transaction.atomic
def approve(*, actor: User, applicant: Applicant, role: str) -> Invitation:
    """Send the person an invitation, by which the address is confirmed.

    Raises what invite() raises, PermissionDenied for the role of an owner, and Applicant.DoesNotExist if it is decided.
    """
    if role == Role.OWNER:
        raise PermissionDenied
    lock()
    check_manages(actor)
    applicant = Applicant.objects.waiting().select_for_update().get(pk=applicant.pk)
    applicant.invitation = invite(actor=actor, email=applicant.email, role=role, name=applicant.name)
    decide(applicant, "join_request.approved", actor)
    return applicant.invitation


@transaction.atomic
def decline(*, actor: User, applicant: Applicant, is_told: bool) -> None:
    """Refuse, with a mail or without. Raises PermissionDenied, and Applicant.DoesNotExist if it is decided."""
    check_manages(actor)
    applicant = Applicant.objects.waiting().select_for_update().get(pk=applicant.pk)
    decide(applicant, "join_request.declined", actor)
    if is_told:
        url = refusals.url(applicant.email)
        post(to=applicant.email, template="join_declined", context={"refusal_url": url}, headers=unsubscribe(url))


def decide(applicant: Applicant, kind: str, actor: User) -> None:
    applicant.decided, applicant.decided_by = timezone.now(), actor
    applicant.save(update_fields=["decided", "decided_by", "invitation"])
    emit(kind, applicant, by=actor)


def check_manages(actor: User) -> None:
    """Raise PermissionDenied unless the actor manages members now, and until the transaction ends."""
    fresh = User.objects.select_for_update(no_key=True).filter(pk=actor.pk).first()
    if fresh is None or not manages_members(fresh):
        raise PermissionDenied

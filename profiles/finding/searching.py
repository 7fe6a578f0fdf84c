"""The job that asks all organisations for the addresses that wait, once for all of them together."""

import logging
from collections.abc import Collection
from dataclasses import dataclass

from django.core.mail import EmailMultiAlternatives
from django.db import DatabaseError, connection, transaction
from django.template.loader import render_to_string
from django.utils import timezone, translation
from procrastinate import RetryStrategy
from procrastinate.contrib.django import app
from procrastinate.types import TimeDeltaParams

from profiles.finding.models import KEPT, Request
from profiles.mail.delivery import AUTOMATIC
from profiles.models import Invitation
from profiles.roles import Role
from shared.encryption import UnreadableSecret
from tenants.context import public, within
from tenants.isolation.timeouts import limited
from tenants.models import Tenant
from tenants.tasks import defer_once

logger = logging.getLogger(__name__)

SEARCH = "finding.search"
# By their indexes, which have no empty addresses, and those of invitations in upper case.
BELONGING = """
SELECT email, role, NULL FROM profiles_user WHERE email = ANY(%(emails)s) AND email <> '' AND is_active
UNION ALL
SELECT email, role, id FROM profiles_invitation
WHERE upper(email) = ANY(%(upper)s) AND accepted IS NULL AND revoked IS NULL AND expires > %(now)s
"""
# Those who ask within these seconds are looked for in one round.
PAUSE: TimeDeltaParams = {"seconds": 10}
MOST = 1_000  # requests for each round
# Short, since those who ask while the next try is waiting wait for it too.
AGAIN = RetryStrategy(max_attempts=10, wait=60)


@dataclass(frozen=True)
class Place:
    """An organisation in a mail: where the person is a member, or is invited to be one."""

    name: str
    role: Role
    url: str
    is_invitation: bool


# One round at a time. Those who ask during one are looked for together in the next.
@app.periodic(cron="7 * * * *")  # for requests that could not be answered, which expire
@app.task(name=SEARCH, lock=SEARCH, queueing_lock=SEARCH, retry=AGAIN)
def search(timestamp: int = 0) -> None:  # noqa: ARG001  what a periodic job is given
    """Look for everyone who waits, and write to those who belong somewhere. Others get no mail."""
    now = timezone.now()
    with public():
        Request.objects.filter(created__lt=now - KEPT).delete()
        asked = list(Request.objects.order_by("pk")[:MOST])
        waiting = {request: email for request in asked if (email := readable(request))}
    found = places_of(set(waiting.values())) if waiting else {}
    failures: list[Exception] = []
    for request, email in waiting.items():
        try:
            answer(request, email, found.get(email, []))
        except Exception as error:  # noqa: BLE001  of the mail server, or of this mail: the others are sent all the same
            failures.append(error)
    if failures:
        raise ExceptionGroup("Mails to people who look for their organisations could not be sent.", failures)
    if waiting and len(asked) == MOST:
        soon()


@transaction.atomic
def soon() -> None:
    """Look in some seconds. If another round waits already, that one does."""
    defer_once(search.configure(schedule_in=PAUSE))


def answer(request: Request, email: str, places: list[Place]) -> None:
    if places:
        write(email, request.language, places)
    with public():
        request.delete()


def readable(request: Request) -> str:
    """The address; "" if its key is gone. Such a request expires."""
    try:
        return request.email
    except UnreadableSecret:
        logger.warning("A request of %s cannot be decrypted.", request.created)
        return ""


def places_of(emails: Collection[str]) -> dict[str, list[Place]]:
    """Where each of these addresses belongs, in the order of the organisations' names. Every organisation is asked.

    One that cannot answer is logged and left out, so that the mails with all the others are sent.
    """
    found: dict[str, list[Place]] = {}
    with public(), limited("job"):
        for tenant in Tenant.objects.active().complete().order_by("name", "pk"):
            try:
                places = places_in(tenant, emails)
            except DatabaseError:
                logger.exception("%s could not be asked who belongs to it.", tenant.schema_name)
                continue
            for email, place in places:
                found.setdefault(email, []).append(place)
    return found


def places_in(tenant: Tenant, emails: Collection[str]) -> list[tuple[str, Place]]:
    """One statement, as the organisation's own role. It is written by hand, since it is sent once for each of them."""
    with transaction.atomic(), within(tenant), connection.cursor() as cursor:
        cursor.execute(
            BELONGING, {"emails": list(emails), "upper": [email.upper() for email in emails], "now": timezone.now()}
        )
        return [(email, place(tenant, role, invitation)) for email, role, invitation in cursor.fetchall()]


def place(tenant: Tenant, role: str, invitation: int | None) -> Place:
    url = Invitation.objects.get(pk=invitation).url if invitation else tenant.url()
    return Place(tenant.name, Role(role), url, invitation is not None)


def write(email: str, language: str, places: list[Place]) -> None:
    """Straight to the mail server: a message that waited in an organisation's outbox would name other ones there."""
    with translation.override(language):
        context = {"places": places}
        subject = " ".join(render_to_string("profiles/mail/found_subject.txt", context).split())
        text = render_to_string("profiles/mail/found.txt", context)
        message = EmailMultiAlternatives(subject, text, to=[email], headers=dict(AUTOMATIC))
        message.attach_alternative(render_to_string("profiles/mail/found.html", context), "text/html")
    message.send()

"""The job that asks all organisations for the addresses that wait, once for all of them together."""

import logging
from collections.abc import Collection
from dataclasses import dataclass

from django.core.mail import EmailMultiAlternatives
from django.db.models import Value
from django.template.loader import render_to_string
from django.utils import timezone, translation
from procrastinate.contrib.django import app

from profiles.finding.models import KEPT, Request
from profiles.mail.delivery import AUTOMATIC, RETRY
from profiles.models import Invitation, User
from profiles.roles import Role
from shared.encryption import UnreadableSecret
from tenants.context import public, within
from tenants.isolation.timeouts import limited
from tenants.models import Tenant

logger = logging.getLogger(__name__)

SEARCH = "finding.search"
MOST = 1_000  # requests for each round


@dataclass(frozen=True)
class Place:
    """An organisation in a mail: where the person is a member, or is invited to be one."""

    name: str
    role: Role
    url: str
    is_invitation: bool


# One round at a time. Those who ask during one are looked for together in the next.
@app.task(name=SEARCH, lock=SEARCH, queueing_lock=SEARCH, retry=RETRY)
def search() -> None:
    """Look for everyone who waits, and write to those who belong somewhere. Others get no mail."""
    now = timezone.now()
    with public():
        Request.objects.filter(created__lt=now - KEPT).delete()
        waiting = {request: email for request in Request.objects.order_by("pk")[:MOST] if (email := readable(request))}
    found = places_of(set(waiting.values())) if waiting else {}
    for request, email in waiting.items():
        if places := found.get(email):
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
    """Where each of these addresses belongs, in the order of the organisations' names. Every organisation is asked."""
    found: dict[str, list[Place]] = {}
    with public(), limited("job"):
        tenants = list(Tenant.objects.active().complete().only(*FIELDS).order_by("name", "pk"))
        for tenant in tenants:
            for email, place in places_in(tenant, emails):
                found.setdefault(email, []).append(place)
    return found


FIELDS = ("schema_name", "name", "slug", "state", "fingerprint", "also_served_by")


def places_in(tenant: Tenant, emails: Collection[str]) -> list[tuple[str, Place]]:
    """One statement for members and open invitations. Addresses are stored in their canonical spelling."""
    with within(tenant):
        members = User.objects.filter(email__in=emails, is_active=True).values_list("email", "role", Value(0))
        invited = Invitation.objects.open().filter(email__in=emails, expires__gt=timezone.now())
        rows = members.union(invited.values_list("email", "role", "pk").order_by())
        return [(email, place(tenant, role, invitation)) for email, role, invitation in rows]


def place(tenant: Tenant, role: str, invitation: int) -> Place:
    url = Invitation.objects.get(pk=invitation).url if invitation else tenant.url()
    return Place(tenant.name, Role(role), url, bool(invitation))


def write(email: str, language: str, places: list[Place]) -> None:
    """Straight to the mail server: a message that waited in an organisation's outbox would name other ones there."""
    with translation.override(language):
        context = {"places": places}
        subject = " ".join(render_to_string("profiles/mail/found_subject.txt", context).split())
        text = render_to_string("profiles/mail/found.txt", context)
        message = EmailMultiAlternatives(subject, text, to=[email], headers=dict(AUTOMATIC))
        message.attach_alternative(render_to_string("profiles/mail/found.html", context), "text/html")
    message.send()

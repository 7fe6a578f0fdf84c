"""Mail to members: rendered now, sent by a job once the transaction has committed."""

from typing import Any

from django.core.mail import BadHeaderError
from django.template.loader import render_to_string

from profiles.mail.delivery import deliver
from profiles.mail.refusals import is_refused
from profiles.models import OutgoingMail
from tenants.context import required

SUBJECT_LENGTH = 200


def post(
    *, to: str, subject: str, template: str, context: dict[str, Any], headers: dict[str, str] | None = None
) -> None:
    """Send `profiles/mail/<template>.txt` and `.html` to an address, in the current transaction and tenant.

    Links in the context come from `tenant.url(…)`: on the canonical address, whatever host a request named.
    """
    context = {"organisation": required(), "subject": subject, **context}
    queue(
        to=to,
        subject=subject,
        text=render_to_string(f"profiles/mail/{template}.txt", context),
        html=render_to_string(f"profiles/mail/{template}.html", context),
        headers=headers,
    )


def queue(*, to: str, subject: str, text: str, html: str = "", headers: dict[str, str] | None = None) -> None:
    """Have a rendered message sent, unless the owner of the mailbox wants none from this organisation.

    Raises BadHeaderError for an address of more than one line.
    """
    if len(to.splitlines()) != 1:
        raise BadHeaderError(f"{to!r} is no address: it would add lines to the message's header.")
    if is_refused(to):
        return
    mail = OutgoingMail.objects.create(
        to=to, subject=one_line(subject)[:SUBJECT_LENGTH], text=text, html=html, headers=headers or {}
    )
    deliver.defer(pk=mail.pk)


def one_line(subject: str) -> str:
    """A subject without line breaks, which names of people and organisations may hold."""
    return " ".join(subject.split())

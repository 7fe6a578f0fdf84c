"""Mail to members: rendered now, sent by a job once the transaction has committed."""

from typing import Any, TypedDict

from django.core.mail import BadHeaderError
from django.template.loader import render_to_string

from profiles.language import in_words_of
from profiles.mail.delivery import deliver
from profiles.mail.refusals import is_refused
from profiles.models import OutgoingMail, User
from tenants.context import required

SUBJECT_LENGTH = 200


def post(
    *,
    to: str,
    template: str,
    context: dict[str, Any],
    reader: User | None = None,
    headers: dict[str, str] | None = None,
) -> None:
    """Send `profiles/mail/<template>_subject.txt`, `.txt` and `.html`, in the current transaction and tenant.

    They are written in the reader's language and time zone, if the reader is a member; otherwise in the organisation's.

    Links in the context have to come from `tenant.url(…)`, which uses the canonical host and not the request's.
    """
    queue(to=to, headers=headers, **written(template=template, context=context, reader=reader))


class Written(TypedDict):
    """A rendered message."""

    subject: str
    text: str
    html: str


def written(*, template: str, context: dict[str, Any], reader: User | None = None) -> Written:
    """Subject, text and HTML of a message, in the reader's language."""
    context = {"organisation": required(), **context}
    with in_words_of(reader):
        context["subject"] = one_line(render_to_string(f"profiles/mail/{template}_subject.txt", context))
        return {
            "subject": context["subject"],
            "text": render_to_string(f"profiles/mail/{template}.txt", context),
            "html": render_to_string(f"profiles/mail/{template}.html", context),
        }


def queue(*, to: str, subject: str, text: str, html: str = "", headers: dict[str, str] | None = None) -> None:
    """Queue a rendered message, unless the owner of the mailbox refuses mail from this organisation.

    Raises BadHeaderError for an address of more than one line.
    """
    if mail := keep(to=to, subject=subject, text=text, html=html, headers=headers):
        deliver.defer(pk=mail.pk)


def keep(
    *, to: str, subject: str, text: str, html: str = "", headers: dict[str, str] | None = None
) -> OutgoingMail | None:
    """Store a rendered message without a job to send it; None if the mailbox refuses mail. Raises as above."""
    if len(to.splitlines()) != 1:
        raise BadHeaderError(f"{to!r} is not an address: it would add lines to the message's header.")
    if is_refused(to):
        return None
    return OutgoingMail.objects.create(
        to=to, subject=one_line(subject)[:SUBJECT_LENGTH], text=text, html=html, headers=headers or {}
    )


def one_line(subject: str) -> str:
    """A subject without line breaks, which names of people and organisations may contain."""
    return " ".join(subject.split())

"""Asks the name servers, keeps what they say, and does what follows: a domain is proved, fails its check, or lapses."""

from datetime import datetime, timedelta

from django.conf import settings
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from profiles.mail.outbox import post
from profiles.mail_domains.models import MailDomain
from profiles.models import User
from shared.dns_proofs import UNANSWERED, Mistake, Unanswered
from tenants.context import public, required
from tenants.events import emit
from tenants.notices import notify

WEEK, DAY, HOUR = timedelta(weeks=1), timedelta(days=1), timedelta(hours=1)
# So long after a domain was added, it is checked so often until it is proved; then weekly.
WAITING = [(HOUR, timedelta(minutes=5)), (DAY, timedelta(minutes=30)), (30 * DAY, DAY)]
REMIND_BEFORE = WEEK


def look(domain: MailDomain) -> Mistake:
    """Up to five questions. It takes seconds where a name server does not answer, so call it outside transactions."""
    try:
        return domain.record.mistake(settings.MAIL_DOMAIN_NAMESERVERS, is_new=not domain.proved)
    except Unanswered:
        return Mistake(UNANSWERED)


@transaction.atomic
def settle(domain: MailDomain, mistake: Mistake) -> None:
    """In the domain's organisation. One that was removed in the meantime is left alone."""
    tenant, now = required(), timezone.now()
    with public():
        row = MailDomain.objects.select_for_update().filter(pk=domain.pk, tenant=tenant).first()
    if row is None:
        return
    row.error, row.found, row.checked = mistake.error, mistake.found, now
    if not mistake.error:
        prove(row, now)
    elif row.proved and mistake.error != UNANSWERED:
        miss(row, now)
    row.next_check = next_check(row, now)
    with public():
        row.save()


def prove(row: MailDomain, now: datetime) -> None:
    """The database decides between two organisations that prove a domain in the same moment."""
    row.proof_gone, row.is_reminded = None, False
    if row.proved:
        return
    row.proved = now
    try:
        with public(), transaction.atomic():
            row.save()
    except IntegrityError:
        row.proved, row.error = None, "taken"
        return
    emit("mail_domain.proved", row)
    notify("manage_mail_domains", "mail_domain.proved", row, domain=row.shown)


def miss(row: MailDomain, now: datetime) -> None:
    """Owners get a mail at once, and again a week before the domain lapses."""
    if row.proof_gone is None:
        row.proof_gone = now
        emit("mail_domain.failing", row)
        tell_owners(row, "mail_domain_failing")
    elif row.lapses and row.lapses <= now:
        row.proved, row.proof_gone, row.is_reminded, row.joins = None, None, False, MailDomain.Joins.OFF
        emit("mail_domain.lapsed", row)
        tell_owners(row, "mail_domain_lapsed")
    elif row.lapses and row.lapses - now <= REMIND_BEFORE and not row.is_reminded:
        row.is_reminded = True
        tell_owners(row, "mail_domain_failing")


def next_check(row: MailDomain, now: datetime) -> datetime:
    if row.error == UNANSWERED:
        return now + HOUR
    if row.proved:
        return now + (DAY if row.proof_gone else WEEK)
    age = now - row.created
    return now + next((pause for until, pause in WAITING if age < until), WEEK)


def tell_owners(row: MailDomain, template: str) -> None:
    """In the current transaction."""
    url = required().url(reverse("mail_domain", args=[row.pk]))
    for owner in User.objects.owners().exclude(email=""):
        post(to=owner.email, template=template, context={"owner": owner, "domain": row, "url": url}, reader=owner)

"""A person with an address of a proved domain joins: by request, or at once, by an invitation that they get by mail."""

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from profiles.invitations.changes import invite
from profiles.joining.asking import RETRY, considered, keep_request, put_before_managers
from profiles.joining.links import NOT_NOW
from profiles.joining.models import Applicant
from profiles.mail_domains.models import MailDomain
from profiles.mail_domains.proved import domain_of, endings, open_domains
from profiles.models import User
from profiles.seats import NO_SEAT, lock
from shared.emails import same_mailbox
from tenants.events import emit
from tenants.tasks import tenant_task


@transaction.atomic
def join_by_domain(*, email: str, name: str) -> str:
    """Keep who wants to join, and return how: a word of MailDomain.Joins.

    A job does the rest, so that the page says and does the same for a known address and another one. Raises
    ValidationError, by field where it has one.
    """
    domain = domain_of(email)
    if domain is None or domain.joins == MailDomain.Joins.OFF:
        sentence = _("People with such an address can join: %(domains)s.")
        raise ValidationError(
            {"email": ValidationError(sentence, code="domain", params={"domains": endings(open_domains())})}
        )
    pk, how = keep_request(email=email, name=name), domain.joins_now
    if not pk and how == MailDomain.Joins.AT_ONCE:  # They had asked before they could join at once.
        pk = Applicant.objects.waiting().values_list("pk", flat=True).filter(email=same_mailbox(email)).first() or 0
    admit.defer(pk=pk)
    return how


def role_at_once(email: str) -> str:
    """The role of a person whose address has been verified elsewhere, if its domain lets them join at once; or ""."""
    domain = domain_of(email)
    return domain.role if domain and domain.joins_now == MailDomain.Joins.AT_ONCE else ""


@tenant_task(name="mail_domains.admit", queue="mail", retry=RETRY)
def admit(pk: int) -> None:
    """Invite the person, or put the request before the managers. 0 is a repeated request."""
    with transaction.atomic():
        lock()
        sender = User.objects.select_for_update(no_key=True).owners().order_by("pk")[:1].get()
        if (applicant := considered(pk)) is None:
            return
        domain = domain_of(applicant.email)
        if domain and domain.joins_now == MailDomain.Joins.AT_ONCE:
            admit_at_once(applicant, domain, sender)
        else:
            put_before_managers(applicant)


def admit_at_once(applicant: Applicant, domain: MailDomain, sender: User) -> None:
    """Mail an invitation, in the name of the owner who has been here longest: the address is confirmed before anyone
    joins. If no invitation can be sent now, or no seat is free, it waits as a request. If the mailbox wants no mail
    from here, it ends.
    """
    try:
        invitation = invite(actor=sender, email=applicant.email, role=domain.role, name=applicant.name)
    except ValidationError as refusal:
        if getattr(refusal, "code", "") in {*NOT_NOW, NO_SEAT}:
            put_before_managers(applicant)
        else:
            applicant.delete()
        return
    applicant.decided, applicant.invitation = timezone.now(), invitation
    applicant.save(update_fields=["decided", "invitation"])
    emit("mail_domain.used", applicant)

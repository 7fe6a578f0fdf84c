"""The join link: made, switched off, used."""

from datetime import timedelta

from django.conf import settings
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from profiles.invitations.changes import check_may_give, invite
from profiles.joining.known import is_known
from profiles.joining.models import ROLES, Applicant, Joining, random_nonce
from profiles.models import User
from profiles.seats import NO_SEAT, check_free, lock, no_seat_for_newcomers
from shared.lists import any_of
from shared.text import left_to_right
from tenants.context import required
from tenants.events import emit

MOST_USES = 10_000

# Reasons for refusing an invitation that the person who uses the link cannot change (profiles/invitations/quota.py),
# and what that person is told.
NOT_NOW = {
    "refusals": gettext_lazy(
        "%(organisation)s sends no invitations for now: several people have told us that they do not know it. Ask the "
        "person who gave you this link."
    ),
    "invite_unverified": gettext_lazy(
        "%(organisation)s can send you an email as soon as one of its owners has confirmed their own email address. "
        "Ask the person who gave you this link."
    ),
    "invite_first_day": gettext_lazy(
        "%(organisation)s is new, and its invitations for the first day are used up. %(again)s"
    ),
    "invite": gettext_lazy("This mailbox has got as many invitations as it may within a day. %(again)s"),
}


@transaction.atomic
def make_link(*, actor: User, role: str, days: int, most_uses: int | None = None, domains: str = "") -> Joining:
    """Make a link by which people join with this role. The former link stops working.

    Raises PermissionDenied if the actor may not give the role, or if links may not, and ValidationError, by field, for
    other values that no link can have.
    """
    check_may_give(actor, role)
    if role not in ROLES:
        raise PermissionDenied
    if not 1 <= days <= settings.KEPT_DAYS["invitations"]:  # A link's uses are counted by its invitations.
        raise ValidationError({"days": ValidationError(_("Choose one of the times."), code="days")})
    check_uses(most_uses)
    joining = Joining.locked()
    emit("join_link.made", joining, by=actor, role=("", role), most_uses=(None, most_uses), domains=("", domains))
    joining.nonce, joining.version, joining.made_by = random_nonce(), joining.version + 1, actor
    joining.role, joining.most_uses, joining.domains = role, most_uses, domains
    joining.expires = timezone.now() + timedelta(days=days)
    joining.save()
    return joining


def check_uses(number: int | None) -> None:
    try:
        if number is not None:
            MinValueValidator(1)(number)
            MaxValueValidator(MOST_USES)(number)
    except ValidationError as error:
        raise ValidationError({"most_uses": error}) from error


@transaction.atomic
def end_link(*, actor: User) -> None:
    """Switch the link off. Raises PermissionDenied."""
    check_may_give(actor, Joining.load().role)
    joining = Joining.locked()
    if joining.nonce:
        emit("join_link.ended", joining, by=actor)
    joining.nonce = ""
    joining.save(update_fields=["nonce"])


@transaction.atomic
def ask_by_link(*, token: str, email: str, name: str) -> None:
    """Send a person who opened the link an invitation, in the name of the member who made it.

    So the address is confirmed by mail, and the person sets the password after that: no one can join with an address of
    others, or has a password there that others know. For an address that is known already, nothing is different here
    (known.py). All who use the link wait for its row, so that it is never used more often than it may be.

    Raises Joining.DoesNotExist for a link that does not work, and ValidationError, by field where it has one.
    """
    lock()
    User.objects.select_for_update(no_key=True).filter(pk=Joining.load().made_by_id).first()
    joining = Joining.locked()
    if joining.made_by is None or not joining.opens(token):
        raise Joining.DoesNotExist
    applicant = Applicant(email=email, name=name, version=joining.version, decided=timezone.now())
    applicant.check_values()
    check_domain(joining, applicant.email)
    if joining.is_used_up:
        raise ValidationError(_("This link has been used as often as it may be. Ask for a new one."), code="used_up")
    check_free()  # First, so that the answer is the same for an address that is known.
    if is_known(applicant.email):
        return
    try:
        applicant.invitation = invite(actor=joining.made_by, email=applicant.email, role=joining.role, name=name)
    except ValidationError as refusal:
        code = getattr(refusal, "code", "")
        if code == NO_SEAT:  # Another person was faster.
            raise no_seat_for_newcomers() from refusal
        if code in NOT_NOW:
            facts = {"organisation": required().name, **(refusal.params or {})}
            raise ValidationError(NOT_NOW[code], code="later", params=facts) from refusal
        return  # The owner of the mailbox has stopped our mail. The page does not reveal that.
    applicant.save()
    emit("join_link.used", applicant)


def check_domain(joining: Joining, email: str) -> None:
    if joining.allowed_domains and email.rpartition("@")[2] not in joining.allowed_domains:
        sentence = _("This link is for addresses that end with %(domains)s.")
        domains = any_of([left_to_right(f"@{domain}") for domain in joining.allowed_domains])
        raise ValidationError({"email": ValidationError(sentence, code="domain", params={"domains": domains})})

"""The join link: made, switched off, used."""

from datetime import timedelta

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from profiles.invitations.changes import check_may_give, invite
from profiles.joining.known import is_known
from profiles.joining.models import ROLES, Applicant, Joining, random_nonce
from profiles.models import User
from profiles.seats import NO_SEAT, check_free, lock, no_seat_for_newcomers
from shared.lists import any_of
from tenants.events import emit

# Reasons for refusing an invitation that the person who uses the link cannot change.
NOT_NOW = {"refusals", "invite_unverified", "invite_first_day", "invite"}


@transaction.atomic
def make_link(*, actor: User, role: str, days: int, most_uses: int | None = None, domains: str = "") -> Joining:
    """Make a link by which people join with this role. The former link stops working.

    Raises PermissionDenied if the actor may not give the role, or if links may not.
    """
    check_may_give(actor, role)
    if role not in ROLES:
        raise PermissionDenied
    joining = Joining.locked()
    emit("join_link.made", joining, by=actor, role=("", role), most_uses=(None, most_uses), domains=("", domains))
    joining.nonce, joining.version, joining.made_by = random_nonce(), joining.version + 1, actor
    joining.role, joining.most_uses, joining.domains = role, most_uses, domains
    joining.expires = timezone.now() + timedelta(days=days)
    joining.save()
    return joining


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
            raise ValidationError(
                _("We cannot send you an email at the moment. Try again tomorrow."), code="later"
            ) from refusal
        return  # The owner of the mailbox has stopped our mail. The page does not reveal that.
    applicant.save()
    emit("join_link.used", applicant)


def check_domain(joining: Joining, email: str) -> None:
    if joining.allowed_domains and email.rpartition("@")[2] not in joining.allowed_domains:
        sentence = _("This link is for addresses that end with %(domains)s.")
        domains = any_of([f"@{domain}" for domain in joining.allowed_domains])
        raise ValidationError({"email": ValidationError(sentence, code="domain", params={"domains": domains})})

"""Asking for a visit, answering, entering and ending it. All of them in the organisation that is visited."""

from django.core.exceptions import PermissionDenied, ValidationError
from django.core.signing import BadSignature
from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _

from profiles.models import User
from profiles.support.models import MOST_MINUTES, Visit
from profiles.support.rights import manages_support
from tenants import signing
from tenants.context import public, required
from tenants.events import emit, operated_by
from tenants.models import Tenant
from tenants.notices import notify

SALT = "support"
SHAPE = {"visit": int, "entry": int}
ACCESS = Tenant.SupportAccess


@transaction.atomic
def ask(*, operator: User, member: User, reason: str, minutes: int) -> Visit:
    """Ask to be signed in as a member of the current organisation, which may have allowed it for ever.

    `operator` is a member of the operators' organisation. Raises ValidationError without the organisation's consent,
    and for the operators' own organisation.
    """
    access = consent()
    if access == ACCESS.OFF:
        raise ValidationError(_("This organisation does not let support sign in."), code="off")
    if not 1 <= minutes <= MOST_MINUTES:
        raise ValidationError(_("Choose one of the times."), code="minutes")
    allowed = timezone.now() if access == ACCESS.ON else None
    visit = Visit.objects.create(
        member=member,
        operator=operator.name,
        operator_key=operator.pk,
        reason=reason,
        minutes=minutes,
        allowed=allowed,
    )
    with operated_by(operator.name):
        emit("support.asked", member, reason=("", reason))
    if not allowed:
        tell("support.asked", visit)
    return visit


def consent() -> str:
    """What the organisation has chosen, read anew from the directory. OFF for the operators' own organisation."""
    key = required().pk
    with public():
        tenant = Tenant.objects.select_for_update().get(pk=key)
    return ACCESS.OFF if tenant.is_operators else tenant.support_access


def tell(kind: str, visit: Visit) -> None:
    words = {"operator": visit.operator, "member": visit.member.name, "reason": visit.reason}
    notify(User.objects.owners(), kind, visit, **words)


@transaction.atomic
def choose(*, actor: User, access: str) -> None:
    """Say whether support may sign in. "Never" ends what is allowed or running. Raises PermissionDenied."""
    if not manages_support(actor):
        raise PermissionDenied
    tenant, before = required(), required().support_access
    tenant.support_access = access
    with public():
        tenant.save(update_fields=["support_access"])
    emit("support.access_changed", tenant, by=actor, support_access=(before, access))
    if access == ACCESS.OFF:
        for visit in Visit.objects.open().select_related("member"):
            end(visit, by=actor)


@transaction.atomic
def answer(*, actor: User, visit: int, is_allowed: bool) -> None:
    """Raises PermissionDenied, and Visit.DoesNotExist if it is answered already or too old."""
    if not manages_support(actor):
        raise PermissionDenied
    found = Visit.objects.waiting().select_for_update(of=["self"]).select_related("member").get(pk=visit)
    field = "allowed" if is_allowed else "refused"
    setattr(found, field, timezone.now())
    found.save(update_fields=[field])
    emit(f"support.{field}", found.member, by=actor, operator=("", found.operator))


def token(visit: Visit) -> str:
    """What enters the visit once, within HAND_OFF_SECONDS."""
    return signing.dumps({"visit": visit.pk, "entry": visit.entries}, salt=SALT)


@transaction.atomic
def enter(value: str, *, max_age: int) -> Visit | None:
    """Use a token up; None if it is used, too old, or the visit is not open. The first time, owners are told."""
    try:
        told = signing.loads(value, salt=SALT, max_age=max_age, shape=SHAPE)
    except BadSignature:
        return None
    if consent() == ACCESS.OFF:  # It locks the organisation's row first, as choose() does.
        return None
    visits = Visit.objects.open().filter(pk=told["visit"], entries=told["entry"])
    visit = visits.select_for_update(of=["self"]).select_related("member").first()
    if visit is None:
        return None
    Visit.objects.filter(pk=visit.pk).update(entries=F("entries") + 1)
    if visit.begun is None:
        visit.begun = timezone.now()
        visit.save(update_fields=["begun"])
        tell("support.begun", visit)
    with operated_by(visit.operator):
        emit("support.begun", visit.member, reason=("", visit.reason))
    return visit


@transaction.atomic
def end(visit: Visit, *, by: User | None = None) -> None:
    """End it for good. Without `by` it is the operator who leaves."""
    if Visit.objects.filter(pk=visit.pk, ended=None).update(ended=timezone.now()):
        with operated_by("" if by else visit.operator):
            emit("support.ended", visit.member, by=by)

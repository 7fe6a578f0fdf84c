"""Seats: how many people an organisation may have (allowance "seats"). Active members and open invitations take one.

An invitation holds a seat until it expires, so that the person who accepts it finds one. Members are never shut out
because there are too many of them: no more are let in.
"""

from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from profiles.models import Invitation, User
from shared.capabilities.registry import functions
from tenants.allowances import allowance
from tenants.context import public, required
from tenants.models import Tenant

NO_SEAT = "no_seat"
FOR_MANAGERS = _(
    "All seats of your organisation are taken: %(used)s of %(allowed)s. Deactivate or remove a member, revoke an "
    "invitation, or change the plan."
)
FOR_NEWCOMERS = _("%(organisation)s has no free seat at the moment. Ask an owner or admin there.")


def used() -> int:
    """How many seats of the current organisation are taken."""
    return members() + reserved()


def members() -> int:
    """How many active members take a seat: all but those that apps leave out (without_seat)."""
    found = User.objects.active()
    for without_seat in functions("without_seat"):
        found = found.exclude(without_seat())
    return found.count()


def reserved() -> int:
    """How many seats invitations hold."""
    return Invitation.objects.open().filter(expires__gt=timezone.now()).count()


def free() -> int | None:
    """How many seats are free; None without a limit. For pages only, since the answer may change at any moment."""
    allowed = allowance("seats")
    return None if allowed is None else max(allowed - used(), 0)


def take_seat(*, is_newcomer: bool = False, is_reserved: bool = False) -> None:
    """Let one more person in, or keep a seat for one. Call it in the transaction that does so.

    With `is_reserved` an open invitation holds the seat: only members are counted then. After a change to a smaller
    plan, such a seat may be one too many.

    Raises ValidationError, code "no_seat", with words for those who manage members, or for a newcomer. Others in this
    organisation who take a seat wait until the transaction ends (lock()).
    """
    allowed = lock()
    if allowed is None or (taken := members() if is_reserved else used()) < allowed:
        return
    if is_newcomer:
        raise no_seat_for_newcomers()
    raise ValidationError(FOR_MANAGERS, code=NO_SEAT, params={"used": taken, "allowed": allowed})


def take_seats(wanted: int) -> int:
    """Take so many seats, or as many as are free; returns how many. For active members, as take_seat()."""
    allowed = lock()
    return wanted if allowed is None else min(wanted, max(allowed - used(), 0))


def check_free() -> None:
    """Raise ValidationError, code "no_seat", with words for newcomers, if no seat is free now."""
    if free() == 0:
        raise no_seat_for_newcomers()


def lock() -> int | None:
    """How many seats there may be. If there is a limit, the organisation's row is locked until the transaction ends.

    A verb that lets people in calls this before it locks members, invitations or anything else: if all do, two of them
    cannot wait for each other. Without a limit it sends no statement.
    """
    tenant, allowed = required(), allowance("seats")
    if allowed is not None:
        with public():
            Tenant.objects.select_for_update(no_key=True).get(pk=tenant.pk)
    return allowed


def no_seat_for_newcomers() -> ValidationError:
    return ValidationError(FOR_NEWCOMERS, code=NO_SEAT, params={"organisation": required().name})

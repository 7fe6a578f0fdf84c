"""depart() and keep(): an owner deletes the organisation, or keeps it after all; and what operators do about it."""

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone

from profiles.leaving.models import Departure, Hold
from profiles.leaving.rights import deletes_organisation
from profiles.leaving.telling import tell_owners
from profiles.models import User
from tenants.context import public, required, within
from tenants.models import Tenant
from tenants.organisations.suspend import resume, suspend


@transaction.atomic
def depart(*, actor: User) -> Departure:
    """Suspend the current organisation and schedule its removal in LEAVING_DAYS. All its owners get mail.

    Raises PermissionDenied if the actor is no longer an owner, and WrongState unless the organisation is active.
    """
    tenant = required()
    with public():
        Tenant.objects.select_for_update(no_key=True).get(pk=tenant.pk)  # Before the actor: see members/changes.py.
    actor = User.objects.select_for_update().get(pk=actor.pk)
    if not deletes_organisation(actor):
        raise PermissionDenied
    return schedule(tenant, by=actor)


@transaction.atomic
def schedule(tenant: Tenant, *, by: User | None = None) -> Departure:
    """The same for operators, in the current organisation: they need no right in it."""
    with public():
        Departure.objects.filter(tenant=tenant).delete()  # an earlier one, after which an operator has resumed it
        departure = Departure.objects.create(tenant=tenant)
    suspend(tenant, by=by)
    tell_owners(departure, "leaving", actor=by)
    return departure


@transaction.atomic
def keep(*, tenant: Tenant, actor: int) -> None:
    """Resume the organisation. `actor` is the primary key of an owner. Of two at the same time, only one does it.

    Raises PermissionDenied if the actor is no longer an owner, Departure.DoesNotExist if it is not being deleted, and
    WrongState if its removal has begun.
    """
    with within(tenant):
        owner = User.objects.owners().filter(pk=actor).first()
    if owner is None:
        raise PermissionDenied
    call_off(tenant, by=owner)


@transaction.atomic
def call_off(tenant: Tenant, *, by: User | None = None) -> None:
    """The same for operators. Raises Departure.DoesNotExist and WrongState as above."""
    with public():
        departure = Departure.objects.select_for_update(of=["self"]).get(tenant=tenant)
    resume(tenant, by=by)
    with within(tenant):
        tell_owners(departure, "kept", actor=by)
    with public():
        departure.delete()


@transaction.atomic
def hasten(tenant: Tenant) -> None:
    """The period ends now: the worker removes it within the hour. Raises Departure.DoesNotExist."""
    with public():
        departure = Departure.objects.select_for_update(of=["self"]).suspended().get(tenant=tenant)
        departure.due = timezone.now()
        departure.save(update_fields=["due"])
    with within(tenant):
        tell_owners(departure, "leaving_soon")


def hold(tenant: Tenant, *, reason: str) -> bool:
    """Nothing removes the organisation until release(). Returns False if it was held already: the reason is changed."""
    with public():
        return Hold.objects.update_or_create(tenant=tenant, defaults={"reason": reason})[1]


def release(tenant: Tenant) -> bool:
    """Returns False if it was not held."""
    with public():
        return bool(Hold.objects.filter(tenant=tenant).delete()[0])

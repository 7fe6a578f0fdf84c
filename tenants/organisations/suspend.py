"""Suspending an organisation: suspend() and resume()."""

from collections.abc import Collection

from django.db import transaction
from django.db.models import Model

from tenants.context import public, within
from tenants.errors import WrongState
from tenants.events import emit
from tenants.models import Tenant
from tenants.serving import hosts


@transaction.atomic
def suspend(tenant: Tenant, *, by: Model | None = None, sentence: str = "") -> None:
    """Suspend an active organisation: within hosts.SECONDS, each process answers its pages with "suspended".

    Nothing is deleted: its people stay signed in, and its jobs wait (tenants/tasks.py). They read the sentence on that
    page. Raises WrongState unless it is active, and ValidationError for a sentence that cannot be stored.
    """
    Tenant(suspension=sentence).check_values(["suspension"])
    change_state(tenant, since=[Tenant.State.ACTIVE], to=Tenant.State.SUSPENDED, suspension=sentence)
    with within(tenant):
        emit("organisation.suspended", tenant, by=by)


@transaction.atomic
def resume(tenant: Tenant, *, by: Model | None = None) -> None:
    """Make a suspended organisation active again, unchanged. Raises WrongState unless it is suspended."""
    change_state(tenant, since=[Tenant.State.SUSPENDED], to=Tenant.State.ACTIVE, suspension="")
    with within(tenant):
        emit("organisation.resumed", tenant, by=by)


def change_state(tenant: Tenant, *, since: Collection[Tenant.State], to: Tenant.State, **also: str) -> None:
    """Change the state if it is one of `since`, and these fields with it. Of two concurrent calls, one succeeds.
    Otherwise raises WrongState.
    """
    with public():
        if not Tenant.objects.filter(pk=tenant.pk, state__in=since).update(state=to, **also):
            tenant.refresh_from_db(fields=["state"])
            raise WrongState(
                f"{tenant.slug or tenant.schema_name} is {tenant.state}. "
                f"This is possible only for an organisation that is {' or '.join(since)}."
            )
    tenant.state = to
    for name, value in also.items():
        setattr(tenant, name, value)
    hosts.forget()

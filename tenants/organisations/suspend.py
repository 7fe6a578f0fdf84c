"""An organisation closed for a while: suspend() and resume()."""

from collections.abc import Collection

from django.db import transaction
from django.db.models import Model

from tenants.context import public, within
from tenants.errors import WrongState
from tenants.events import emit
from tenants.models import Tenant
from tenants.serving import hosts


@transaction.atomic
def suspend(tenant: Tenant, *, by: Model | None = None) -> None:
    """Have an organisation's pages say that it is suspended, in each process within hosts.SECONDS.

    Nothing is deleted: its people stay signed in, and its jobs wait (tenants/tasks.py). Raises WrongState unless it is
    active.
    """
    change_state(tenant, since=[Tenant.State.ACTIVE], to=Tenant.State.SUSPENDED)
    with within(tenant):
        emit("organisation.suspended", tenant, by=by)


@transaction.atomic
def resume(tenant: Tenant, *, by: Model | None = None) -> None:
    """Serve a suspended organisation again, as it was. Raises WrongState unless it is suspended."""
    change_state(tenant, since=[Tenant.State.SUSPENDED], to=Tenant.State.ACTIVE)
    with within(tenant):
        emit("organisation.resumed", tenant, by=by)


def change_state(tenant: Tenant, *, since: Collection[Tenant.State], to: Tenant.State) -> None:
    """Of two who do it at once, one does. Raises WrongState, and changes nothing, in any other state than `since`."""
    with public():
        if not Tenant.objects.filter(pk=tenant.pk, state__in=since).update(state=to):
            tenant.refresh_from_db(fields=["state"])
            raise WrongState(
                f"{tenant.slug or tenant.schema_name} is {tenant.state}. "
                f"That can be done only to an organisation that is {' or '.join(since)}."
            )
    tenant.state = to
    hosts.forget()

"""What becomes of a sandbox: take_over() and discard()."""

from django.db import connection, transaction
from django.utils import timezone

from profiles.backups.errors import CannotRestore
from profiles.backups.models import Sandbox
from profiles.exports.exporting import own_values
from tenants.context import public, within
from tenants.events import emit
from tenants.models import Tenant, random_schema_name
from tenants.organisations.remove import JOBS, remove
from tenants.serving import hosts


def sandbox_of(tenant: Tenant) -> Sandbox:
    """Of this organisation, or this sandbox itself. Raises CannotRestore if there is none."""
    with public():
        known = Sandbox.objects.select_related("tenant", "of")
        found = known.filter(tenant=tenant).first() or known.filter(of=tenant).first()
    if found is None:
        raise CannotRestore(f"{tenant.slug} has no sandbox. `manage.py restore_organisation {tenant.slug}` makes one.")
    return found


@transaction.atomic
def take_over(sandbox: Sandbox) -> None:
    """The organisation has the rows and files of its sandbox, and the sandbox has those that it had.

    The two rows of the directory change their contents, so all that belongs to the organisation there stays its own:
    addresses, backups, what other capabilities have. A second call takes it back. Jobs of either are deleted, since
    they are about rows that may not be there. Raises CannotRestore.
    """
    with public():
        rows = Tenant.objects.select_for_update().in_bulk([sandbox.of_id, sandbox.tenant_id])
        one, other = rows[sandbox.of_id], rows[sandbox.tenant_id]
        if one.state in Tenant.GONE:
            raise CannotRestore(f"{one.slug} is {one.state}: `manage.py remove_organisation` has been run on it.")
        if not other.is_complete:
            raise CannotRestore(f"Run `manage.py migrate --tenant {other.slug}` first.")
        has_one, has_other = contents(one), contents(other)
        # A name is unique at any time, so the first row has another one for a moment.
        Tenant.objects.filter(pk=one.pk).update(schema_name=random_schema_name())
        Tenant.objects.filter(pk=other.pk).update(**has_one)
        Tenant.objects.filter(pk=one.pk).update(**has_other)
        Sandbox.objects.filter(pk=sandbox.pk).update(moment=timezone.now())
        with connection.cursor() as cursor:
            for schema_name in (one.schema_name, other.schema_name):
                cursor.execute(JOBS, [schema_name])
        present = Tenant.objects.get(pk=one.pk)
    with within(present):
        emit("organisation.restored", present)
    hosts.forget()


def contents(row: Tenant) -> dict[str, object]:
    return own_values(row) | {
        "schema_name": row.schema_name,
        "fingerprint": row.fingerprint,
        "also_served_by": row.also_served_by,
    }


def discard(sandbox: Sandbox) -> None:
    """Remove the sandbox with all that is in it. Killed, it can be called again. Do not call it in a transaction."""
    remove(sandbox.tenant, release_address=True)

"""The schemas that are not like the others: public, and the template that the others follow."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection, transaction
from django.db.migrations.executor import MigrationExecutor

from tenants.context import public, within
from tenants.fingerprint import schema_fingerprint
from tenants.isolation.database_roles import make_schema
from tenants.models import TEMPLATE_SCHEMA, Tenant
from tenants.schemas.migrating.plan import refuse_gap
from tenants.schemas.migrating.steps import save_fingerprint

# Any number that no other program on this database locks.
LOCK = 7_205_759_403


def known_template() -> Tenant | None:
    """The template, or None before the first `migrate`."""
    with public():
        has_directory = Tenant._meta.db_table in connection.introspection.table_names()
        return Tenant.objects.filter(state=Tenant.State.TEMPLATE).first() if has_directory else None


@transaction.atomic
def template() -> Tenant:
    """The template, made with an empty schema if there is none yet."""
    with public():
        tenant, is_new = Tenant.objects.get_or_create(
            state=Tenant.State.TEMPLATE, defaults={"schema_name": TEMPLATE_SCHEMA}
        )
        if is_new:
            make_schema(TEMPLATE_SCHEMA)
    return tenant


@contextmanager
def changing(tenant: Tenant) -> Iterator[None]:
    """Work on a schema while it counts as incomplete: no copy of the template is made, nobody is served.

    In the end it carries what it then has; after an error too, if each migration is done whole or not at all: so code
    of the version before goes on to make copies of a template that is as it was. Raises CannotFollow, before anything
    is changed, if it has a part only of what a squashed migration replaces.
    """
    with within(tenant):
        is_whole = all_are_atomic()
        save_fingerprint(tenant, "")
        try:
            yield
        except Exception:
            if is_whole:
                save_fingerprint(tenant, schema_fingerprint())
            raise
        now = schema_fingerprint()
    save_fingerprint(tenant, now)


def all_are_atomic() -> bool:
    """Is each migration that the current schema lacks done in a transaction? Raises CannotFollow."""
    executor = MigrationExecutor(connection)
    refuse_gap(executor.loader)
    return all(migration.atomic for migration, _ in executor.migration_plan(executor.loader.graph.leaf_nodes()))


@contextmanager
def only_one() -> Iterator[bool]:
    """Hold off a second `migrate` on this database: True if this is the only one. The server lets go of the lock if
    the process dies: https://www.postgresql.org/docs/current/explicit-locking.html#ADVISORY-LOCKS
    """
    # The cursor stays open, so that the connection, whose lock it is, is not replaced meanwhile (backend/memory.py).
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s)", [LOCK])
        is_only = cursor.fetchone()[0]
        try:
            yield is_only
        finally:
            if is_only:
                with connection.cursor() as other:
                    other.execute("SELECT pg_advisory_unlock(%s)", [LOCK])

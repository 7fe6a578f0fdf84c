"""The schemas that are not like the others: public, and the template that the others follow."""

from collections.abc import Iterator
from contextlib import contextmanager, nullcontext

from django.db import connection, transaction

from tenants.context import public, within
from tenants.fingerprint import schema_fingerprint
from tenants.isolation.database_roles import make_schema
from tenants.models import TEMPLATE_SCHEMA, Tenant
from tenants.schemas.migrating.steps import save_fingerprint
from tenants.schemas.script import uncopied

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


class CannotBeCopied(Exception):
    """The template would hold what later organisations would lack, in a sentence."""


@contextmanager
def changing(tenant: Tenant, *, at_once: bool = True) -> Iterator[None]:
    """Work on a schema while no copy of the template is made. In the end it carries what it then has.

    `at_once`: in one transaction, so that the schema is as before if anything fails. A migration that is not atomic
    cannot be in one: until it is through, the schema counts as incomplete. Raises CannotBeCopied for what a copy could
    not have.
    """
    with transaction.atomic() if at_once else nullcontext():
        save_fingerprint(tenant, "")
        with within(tenant):
            yield
            refuse_uncopied()
            now = schema_fingerprint()
        save_fingerprint(tenant, now)


def refuse_uncopied() -> None:
    """Raises CannotBeCopied if the current schema holds anything that a copy of it would lack."""
    with connection.cursor() as cursor:
        if found := uncopied(cursor):
            raise CannotBeCopied(
                f"Later organisations cannot have what the template would hold: {', '.join(found)}. No organisation "
                "was touched. docs/operations.md has the list of what can be copied."
            )


@contextmanager
def only_one() -> Iterator[bool]:
    """Hold off a second `migrate` on this database: True if this is the only one. The server lets go of the lock if
    the process dies: https://www.postgresql.org/docs/current/explicit-locking.html#ADVISORY-LOCKS
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s)", [LOCK])
        is_only = cursor.fetchone()[0]
    try:
        yield is_only
    finally:
        if is_only:
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_unlock(%s)", [LOCK])

"""Bringing schemas to the state of the code: public, the template, and every tenant."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from django.db import connection, transaction

from tenants.context import public, within
from tenants.errors import SchemaIncomplete
from tenants.fingerprint import schema_fingerprint
from tenants.models import TEMPLATE_SCHEMA, Tenant

# Rows that migrations make and whose ids every process caches: the same in all tenants (DESIGN.md, invariant 4).
SAME_ROWS = ["django_content_type", "auth_permission"]


@transaction.atomic
def template() -> Tenant:
    """The template, made with an empty schema if there is none yet."""
    with public():
        tenant, is_new = Tenant.objects.get_or_create(
            state=Tenant.State.TEMPLATE, defaults={"schema_name": TEMPLATE_SCHEMA}
        )
        if is_new:
            with connection.cursor() as cursor:
                cursor.execute(f"CREATE SCHEMA {connection.ops.quote_name(TEMPLATE_SCHEMA)}")
    return tenant


@contextmanager
def changing(tenant: Tenant) -> Iterator[None]:
    """Work on a tenant's schema while it counts as incomplete; in the end, it carries what it then has.

    Killed in between, it stays incomplete and is served its 503 page, until the next `migrate` takes it up.
    """
    save_fingerprint(tenant, "")
    with within(tenant):
        yield
        now = schema_fingerprint()
    save_fingerprint(tenant, now)


def save_fingerprint(tenant: Tenant, fingerprint: str) -> None:
    """Note the state of a schema; for the template this waits until no copy of it is under way."""
    tenant.fingerprint = fingerprint
    with public():
        tenant.save(update_fields=["fingerprint"])


def migrate_tenant(tenant: Tenant, migrate: Callable[[], None]) -> None:
    """Run Django's migrate inside one tenant, then give it the template's content types and permissions."""
    with changing(tenant):
        migrate()
        take_rows_of_template()


@transaction.atomic
def take_rows_of_template() -> None:
    """Replace content types and permissions by the template's; raises SchemaIncomplete if the ids then differ."""
    with connection.cursor() as cursor:
        for table in SAME_ROWS:
            cursor.execute(
                f"INSERT INTO {table} OVERRIDING SYSTEM VALUE SELECT * FROM {TEMPLATE_SCHEMA}.{table} ON CONFLICT DO NOTHING"
            )
            cursor.execute(f"SELECT * FROM {table} EXCEPT SELECT * FROM {TEMPLATE_SCHEMA}.{table} LIMIT 1")
            if row := cursor.fetchone():
                raise SchemaIncomplete(f"{table} has {row}, which the template lacks or has under another id.")

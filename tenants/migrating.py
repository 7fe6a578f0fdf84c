"""Bringing schemas to the state of the code: public, the template, and every tenant."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from django.db import connection, transaction

from tenants.context import public, within
from tenants.errors import SchemaIncomplete
from tenants.fingerprint import schema_fingerprint
from tenants.models import TEMPLATE_SCHEMA, Tenant

# Rows that migrations make and whose ids every process caches: the same in all tenants (DESIGN.md, invariant
# 4). With what else tells them apart.
SAME_ROWS = {"django_content_type": "app_label, model", "auth_permission": "content_type_id, codename"}

MOVED = """
SELECT here.* FROM {table} here JOIN {template}.{table} there USING ({key}) WHERE here.id <> there.id LIMIT 1
"""
TAKE = """
INSERT INTO {table} OVERRIDING SYSTEM VALUE SELECT * FROM {template}.{table} ON CONFLICT DO NOTHING
"""
# Whatever makes a row later, by itself, must not meet an id that has been copied.
ADVANCE = """
SELECT setval(sequence, greatest(nextval(sequence), highest))
FROM (SELECT pg_get_serial_sequence('{table}', 'id') AS sequence, max(id) AS highest FROM {table}) rows
"""
OWN = "SELECT * FROM {table} EXCEPT SELECT * FROM {template}.{table} LIMIT 1"


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
    """Run Django's migrate inside one tenant, with the template's content types and permissions.

    They are there first, so that Django, which makes what is missing in the end, has none to make under ids
    of the tenant's own. Raises SchemaIncomplete if some differ all the same.
    """
    with changing(tenant):
        take_rows_of_template()
        migrate()
        take_rows_of_template()
        check_rows_of_template()


@transaction.atomic
def take_rows_of_template() -> None:
    """Add the content types and permissions that the template has and this tenant lacks."""
    with connection.cursor() as cursor:
        for table, key in SAME_ROWS.items():
            names = {"table": table, "key": key, "template": TEMPLATE_SCHEMA}
            refuse(cursor, MOVED.format(**names))
            cursor.execute(TAKE.format(**names))
            cursor.execute(ADVANCE.format(**names))


def check_rows_of_template() -> None:
    """Raise SchemaIncomplete if this tenant's content types or permissions are not those of the template."""
    with connection.cursor() as cursor:
        for table in SAME_ROWS:
            refuse(cursor, OWN.format(table=table, template=TEMPLATE_SCHEMA))


def refuse(cursor: Any, query: str) -> None:
    """Raise SchemaIncomplete if the query finds a row."""
    cursor.execute(query)
    if row := cursor.fetchone():
        raise SchemaIncomplete(f"{row} is not in the template, or is there under another id.")

"""The template schema, and its replay as SQL: tables, names, rows and all. PostgreSQL has no "copy this
schema".
"""

from threading import Lock
from typing import Any

from django.db import connection, transaction

from tenants.context import as_owner, public, within
from tenants.errors import TemplateStale
from tenants.isolation.database_roles import make_schema
from tenants.models import TEMPLATE_SCHEMA, Tenant
from tenants.schemas import catalogue

COPY = "INSERT INTO {table} ({columns}) OVERRIDING SYSTEM VALUE SELECT {columns} FROM {template}.{table}"

# The commit need not wait for the disk: a crash that comes first takes schema, role and row away together, and later
# commits, as that of a sign-up, wait for all before them.
# https://www.postgresql.org/docs/current/wal-async-commit.html
UNHURRIED = "SET LOCAL synchronous_commit = off"

_scripts: dict[str, str] = {}
_lock = Lock()


def replay(tenant: Tenant) -> None:
    """Create a tenant's schema as a copy of the template, in the caller's transaction.

    Raises TemplateStale if the template is not at the state of this code, and ProgrammingError if the schema
    exists: an existing schema is never adopted.
    """
    template = locked_template()
    with as_owner():
        make_schema(tenant.schema_name)
        with within(tenant), connection.cursor() as cursor:
            cursor.execute(f"{UNHURRIED};\n{script(template)}")
    tenant.fingerprint = template.fingerprint


def locked_template() -> Tenant:
    """The template, held against a `migrate` that would change it before this transaction ends."""
    with public(), transaction.atomic(savepoint=False):
        # FOR SHARE: many replays at once, none together with the UPDATE by which migrate marks the template.
        rows = Tenant.objects.raw("SELECT * FROM tenants_tenant WHERE state = %s FOR SHARE", [Tenant.State.TEMPLATE])
        template = next(iter(rows), None)
    if template is None or not template.is_complete:
        raise TemplateStale("The template schema is not at the state of this code. Run `manage.py migrate` first.")
    return template


def script(template: Tenant) -> str:
    """The SQL that makes a copy of the template in the schema on the search path; read once for each
    fingerprint.
    """
    with _lock:
        if template.fingerprint not in _scripts:
            with within(template):
                _scripts[template.fingerprint] = read_script()
        return _scripts[template.fingerprint]


def read_script() -> str:
    """The current schema as SQL, in an order in which everything is there that something points to."""
    with connection.cursor() as cursor:
        if unknown := column(cursor, catalogue.UNKNOWN):
            raise TemplateStale(
                f"The template holds what cannot be copied: {', '.join(unknown)}. See tenants/schemas/catalogue.py."
            )
        statements = column(cursor, catalogue.TABLES) + copied_rows(cursor)
        for query in (
            catalogue.SEQUENCES,
            catalogue.KEYS,
            catalogue.INDEXES,
            catalogue.FOREIGN_KEYS,
            catalogue.COMMENTS,
        ):
            statements += column(cursor, query)
    return ";\n".join(statements)


def column(cursor: Any, query: str) -> list[str]:
    cursor.execute(query)
    return [row[0] for row in cursor.fetchall()]


def copied_rows(cursor: Any) -> list[str]:
    """Statements that copy the rows that migrations made, ids included."""
    cursor.execute(catalogue.COLUMNS)
    tables = cursor.fetchall()
    statements = []
    for table, columns in tables:
        cursor.execute(f"SELECT EXISTS (SELECT FROM {table})")  # noqa: S608  PostgreSQL has quoted it
        if cursor.fetchone()[0]:
            statements.append(COPY.format(table=table, columns=columns, template=TEMPLATE_SCHEMA))
    return statements

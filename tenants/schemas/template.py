"""Copies of the template schema, by SQL that recreates it: PostgreSQL has no statement that copies a schema."""

from threading import Lock

from django.db import connection, transaction

from tenants.context import as_owner, public, within
from tenants.errors import TemplateStale
from tenants.isolation.database_roles import creation
from tenants.models import Tenant
from tenants.schemas.script import read_script

# The commit need not wait for the disk: a crash before that loses schema, role and row together, and a later commit,
# such as a sign-up's, waits for all earlier ones.
# https://www.postgresql.org/docs/current/wal-async-commit.html
UNHURRIED = "SET LOCAL synchronous_commit = off"
# PostgreSQL need not consider how many processes are to build the index of an empty table.
ALONE = "SET LOCAL max_parallel_maintenance_workers = 0"

_scripts: dict[str, str] = {}
_lock = Lock()


def replay(tenant: Tenant) -> None:
    """Create a tenant's schema as a copy of the template, in the caller's transaction.

    Raises TemplateStale if the template is not at the state of this code, and ProgrammingError if the schema
    exists: an existing schema is never adopted.
    """
    template = locked_template()
    with as_owner():
        contents = script(template)
        # One string, in a schema that it creates: after the new role, each switch would look at all roles there are.
        with within(tenant), connection.cursor() as cursor:
            cursor.execute(";\n".join([UNHURRIED, ALONE, creation(tenant.schema_name), contents]))
    tenant.fingerprint, tenant.also_served_by = template.fingerprint, template.also_served_by


def locked_template() -> Tenant:
    """The template, locked so that no `migrate` changes it before this transaction ends."""
    with public(), transaction.atomic(savepoint=False):
        # FOR SHARE: many copies at the same time, but none during the UPDATE by which `migrate` marks the template.
        rows = Tenant.objects.raw("SELECT * FROM tenants_tenant WHERE state = %s FOR SHARE", [Tenant.State.TEMPLATE])
        template = next(iter(rows), None)
    if template is None or not template.is_complete:
        raise TemplateStale("The template schema is not at the state of this code. Run `manage.py migrate` first.")
    return template


def script(template: Tenant) -> str:
    """The SQL that copies the template into the schema on the search path. Read once per fingerprint."""
    with _lock:
        if template.fingerprint not in _scripts:
            with within(template):
                _scripts[template.fingerprint] = read_script()
        return _scripts[template.fingerprint]

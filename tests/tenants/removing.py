"""All data of an organisation, for the tests of its removal."""

from typing import Any

from tenants.context import as_owner, public, within
from tenants.models import Domain, Tenant
from tenants.schemas.drift import differences
from tests.storages import Media
from tests.tenants.where import ask_all

ROLE = "SELECT rolname FROM pg_roles WHERE rolname = %s"
SCHEMA = "SELECT nspname FROM pg_namespace WHERE nspname = %s"
TABLES = "SELECT relname FROM pg_class WHERE relnamespace = current_schema()::regnamespace AND relkind = 'r' ORDER BY 1"
JOBS = "SELECT id, task_name, args::text FROM procrastinate_jobs WHERE args ->> 'schema_name' = %s"


def belongings(tenant: Tenant, media: Media) -> dict[str, Any]:
    """All data of an organisation, including each row of each table."""
    with within(tenant), as_owner():
        names = [name for (name,) in ask_all(TABLES)]
        rows = {name: sorted(map(str, ask_all(f'SELECT * FROM "{name}"'))) for name in names}  # noqa: S608  PostgreSQL's own names
    with public():
        return {
            "rows": rows,
            "files": {name: media.read(name) for name in media.names() if name.startswith(tenant.schema_name)},
            "jobs": ask_all(JOBS, tenant.schema_name),
            "directory": list(Tenant.objects.filter(pk=tenant.pk).values()),
            "domains": list(Domain.objects.filter(tenant=tenant).values()),
            "role": ask_all(ROLE, tenant.schema_name),
            "schema": [str(each) for each in differences([tenant])],
        }


def left_of(tenant: Tenant, media: Media) -> list[Any]:
    """What is left of a removed organisation, except the row that keeps its address."""
    schema = tenant.schema_name
    found = [*ask_all(ROLE, schema), *ask_all(SCHEMA, schema), *ask_all(JOBS, schema)]
    return [*found, *media.rest(tenant), *Domain.objects.filter(domain=f"{tenant.slug}.example")]

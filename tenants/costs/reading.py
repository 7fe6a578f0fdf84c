"""Reads what each organisation costs, some organisations at a time: memory does not grow with their number."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.conf import settings
from django.db import connection

from tenants.context import public, within
from tenants.costs.models import Usage
from tenants.models import Tenant
from tenants.schemas.sizes import sizes_of
from tenants.storage import bytes_used

BATCH = 200
# The extension's schema: its view need not be on the path. https://www.postgresql.org/docs/current/pgstatstatements.html
STATEMENTS_IN = """
SELECT quote_ident(nspname) FROM pg_extension JOIN pg_namespace space ON space.oid = extnamespace
WHERE extname = 'pg_stat_statements'
"""
STATEMENTS = """
SELECT rolname, sum(calls)::bigint, sum(total_exec_time) / 1000 FROM {schema}.pg_stat_statements
JOIN pg_roles role ON role.oid = userid WHERE rolname = ANY(%s)
AND dbid = (SELECT oid FROM pg_database WHERE datname = current_database()) GROUP BY 1
"""
SINCE = "SELECT stats_reset FROM {schema}.pg_stat_statements_info"


@dataclass(frozen=True)
class Cost:
    """What one organisation costs. `statements` and its seconds are None if PostgreSQL does not count them by role."""

    slug: str
    schema: str
    state: str
    request_seconds: float
    job_seconds: float
    statements: int | None
    statement_seconds: float | None
    schema_bytes: int
    file_bytes: int


def costs(month: date, slugs: Iterable[str] = ()) -> Iterator[Cost]:
    """Of all active and suspended organisations, or of these: seconds of the month, bytes of now, and statements since
    the time of `statements_since()`.
    """
    counted_in = statements_schema()
    for batch in batches(list(slugs)):
        yield from costs_of(batch, month, counted_in)


def batches(slugs: list[str]) -> Iterator[list[Tenant]]:
    wanted = Tenant.objects.filter(state__in=[Tenant.State.ACTIVE, Tenant.State.SUSPENDED]).order_by("pk")
    wanted = wanted.filter(slug__in=slugs) if slugs else wanted
    last = 0
    while True:
        with public():
            batch = list(wanted.filter(pk__gt=last)[:BATCH])
        if not batch:
            return
        yield batch
        last = batch[-1].pk


def costs_of(batch: list[Tenant], month: date, counted_in: str | None) -> Iterator[Cost]:
    names = [tenant.schema_name for tenant in batch]
    with public():
        used = {each.tenant_id: each for each in Usage.objects.filter(tenant__in=batch, month=month)}
        sizes = sizes_of(names)
        statements = (
            {name: rest for name, *rest in rows(STATEMENTS.format(schema=counted_in), [names])} if counted_in else {}
        )
    for tenant in batch:
        with within(tenant):
            files = bytes_used()
        usage = used.get(tenant.pk, Usage())
        calls, seconds = statements.get(tenant.schema_name, (0, 0.0) if counted_in else (None, None))
        yield Cost(
            slug=tenant.slug or "",
            schema=tenant.schema_name,
            state=tenant.state,
            request_seconds=round(usage.request_seconds, 3),
            job_seconds=round(usage.job_seconds, 3),
            statements=calls,
            statement_seconds=None if seconds is None else round(seconds, 3),
            schema_bytes=sizes.get(tenant.schema_name, 0),
            file_bytes=files,
        )


def statements_schema() -> str | None:
    """The schema of pg_stat_statements, or None if it is not there, or if organisations have no roles."""
    if not settings.DATABASE_ROLES:
        return None
    with public():
        found = rows(STATEMENTS_IN)
    return found[0][0] if found else None


def statements_since() -> datetime | None:
    """Since when PostgreSQL has counted statements, or None if it does not."""
    if (schema := statements_schema()) is None:
        return None
    with public():
        return rows(SINCE.format(schema=schema))[0][0]


def rows(statement: str, values: Any = None) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        return cursor.fetchall()

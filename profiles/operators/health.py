"""Whether all parts of the installation work, and what runs here."""

import platform
from collections.abc import Mapping
from typing import Any

import django
from django.conf import settings
from django.db import connection
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from profiles.operators.access import lookers
from profiles.operators.lists import condition
from profiles.operators.outside import outside
from profiles.operators.throttled import all_throttled
from profiles.requests import MemberRequest
from tenants.context import public
from tenants.fingerprint import code_fingerprint
from tenants.models import Tenant
from tenants.readiness.findings import HEARTBEAT_SECONDS, findings
from tenants.schemas.migrating.last import last_migrate

WORKERS = """
SELECT worker.queues, worker.release FROM tenants_worker worker JOIN procrastinate_workers seen USING (id)
WHERE seen.last_heartbeat > now() - %s * interval '1 second' ORDER BY worker.queues, worker.id
"""
STATES = "SELECT state, count(*) FROM tenants_tenant GROUP BY state"


@lookers
@require_safe
def console_health(request: MemberRequest) -> HttpResponse:
    context = {
        "findings": [*findings(), *outside()],
        "schemas": schemas(),
        "migrate": migrate_report(),
        "throttled": all_throttled(),
        "release": settings.RELEASE,
        "workers": workers(),
        "versions": versions(),
    }
    return render(request, "profiles/console_health.html", context)


def schemas() -> Mapping[str, object]:
    """Organisations by their state, those behind in migrations, and whether the template fits this code."""
    with public():
        with connection.cursor() as cursor:
            cursor.execute(STATES)
            states = dict(cursor.fetchall())
        template = Tenant.objects.template()
        behind = Tenant.objects.filter(condition("behind")).count()
    return {"states": states, "behind": behind, "is_current": template.is_complete}


def migrate_report() -> dict[str, Any] | None:
    """The last `migrate` that changed organisations, and which of them it could not bring to its state."""
    report = last_migrate()
    if report is None:
        return None
    schemas = [fault["schema"] for fault in report["faults"]]
    tenants = {each.schema_name: each for each in known(schemas)} if schemas else {}
    return {**report, "faults": [{**fault, "tenant": tenants.get(fault["schema"])} for fault in report["faults"]]}


def known(schemas: list[str]) -> list[Tenant]:
    with public():
        return list(Tenant.objects.exclude(slug=None).filter(schema_name__in=schemas))


def workers() -> list[dict[str, object]]:
    """Those that give signs of life, with what they serve and run."""
    with public(), connection.cursor() as cursor:
        cursor.execute(WORKERS, [HEARTBEAT_SECONDS])
        return [
            {"queues": queues or [], "release": release or "", "is_same": release == settings.RELEASE}
            for queues, release in cursor.fetchall()
        ]


def versions() -> list[tuple[str, str]]:
    major, minor = divmod(connection.pg_version, 10_000)  # type: ignore[attr-defined]  # of PostgreSQL's backend
    return [
        ("Python", platform.python_version()),
        ("Django", django.get_version()),
        ("PostgreSQL", f"{major}.{minor}"),
        (_("State of the code"), code_fingerprint()[:12]),
    ]

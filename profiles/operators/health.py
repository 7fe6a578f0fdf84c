"""Whether all parts of the installation work, and what runs here."""

import platform
from collections.abc import Mapping

import django
from django.db import connection
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from profiles.operators.access import lookers
from profiles.operators.lists import condition
from profiles.requests import MemberRequest
from tenants.context import public
from tenants.fingerprint import code_fingerprint
from tenants.models import Tenant
from tenants.readiness.findings import findings

STATES = "SELECT state, count(*) FROM tenants_tenant GROUP BY state"


@lookers
@require_safe
def console_health(request: MemberRequest) -> HttpResponse:
    context = {"findings": findings(), "schemas": schemas(), "versions": versions()}
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


def versions() -> list[tuple[str, str]]:
    major, minor = divmod(connection.pg_version, 10_000)  # type: ignore[attr-defined]  # of PostgreSQL's backend
    return [
        ("Python", platform.python_version()),
        ("Django", django.get_version()),
        ("PostgreSQL", f"{major}.{minor}"),
        (_("State of the code"), code_fingerprint()[:12]),
    ]

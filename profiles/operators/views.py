"""The list of organisations, as a page and as a file, and the page of one."""

from collections.abc import Iterator

from django.http import HttpResponse, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from profiles.audit.models import Entry, touching
from profiles.audit.sentences import Row
from profiles.operators.access import lookers, offered, organisation
from profiles.operators.actions.addresses import former
from profiles.operators.census import oldest
from profiles.operators.lists import OrganisationFilter, QuerySet, added, added_columns
from profiles.operators.mail import mail_of
from profiles.operators.queue import jobs_of
from profiles.operators.rights import operates
from profiles.operators.throttled import throttled
from profiles.requests import MemberRequest
from shared.csv_cells import MARK, csv_lines
from shared.keyset import keyset_page, keyset_parts
from tenants.context import public
from tenants.models import Tenant

PAGE, PART, HISTORY = 50, 500, 20
HEAD = [
    *("slug", "name", "schema", "state", "host", "members", "owners", "schema_bytes", "file_bytes"),
    *("failed_jobs", "last_seen", "created", "up_to_date", "counted"),
]


@lookers
@require_safe
def console(_request: MemberRequest) -> HttpResponse:
    return redirect("console_organisations")


@lookers
@require_safe
def console_organisations(request: MemberRequest) -> HttpResponse:
    filters = OrganisationFilter(request.GET)
    with public():
        found = filters.narrow(request.GET.get("q", "")).prefetch_related("domains")
        page = keyset_page(found, request.GET, PAGE)
        number = page.count
    more = added(page.rows, "list")
    context = {
        "page": page,
        "number": number,
        "filters": filters,
        "columns": filters.columns(),
        "rows": [(tenant, more[tenant.pk]) for tenant in page.rows],
        "counted": oldest(),
    }
    return render(request, "profiles/console.html", context)


@lookers
@require_safe
def export_console(request: MemberRequest) -> StreamingHttpResponse:
    """What the page would list, on all its pages."""
    rows = OrganisationFilter(request.GET).narrow(request.GET.get("q", ""))
    headers = {"Content-Disposition": 'attachment; filename="organisations.csv"'}
    return StreamingHttpResponse(csv_of(rows), content_type="text/csv; charset=utf-8", headers=headers)


def csv_of(rows: "QuerySet[Tenant]") -> Iterator[bytes]:
    """Part by part, each in a statement of its own."""
    yield MARK + csv_lines([[*HEAD, *(column.name for column in added_columns("file"))]])
    parts = keyset_parts(rows.prefetch_related("domains"), PART)
    while True:
        with public():
            part = next(parts, None)
        if part is None:
            return
        more = added(part, "file")
        yield csv_lines([*line(tenant), *(text for _column, text in more[tenant.pk])] for tenant in part)


def line(tenant: Tenant) -> list[object]:
    figures = getattr(tenant, "census", None)
    host = next((each.domain for each in tenant.domains.all() if each.is_primary), "")
    known = [tenant.slug, tenant.name, tenant.schema_name, tenant.state, host]
    counted = (
        [figures.members, figures.owners, figures.schema_bytes, figures.file_bytes, figures.failed_jobs]
        if figures
        else [""] * 5
    )
    seen, at = (figures.last_seen, figures.at) if figures else (None, None)
    times = [each.isoformat() if each else "" for each in (seen, tenant.created)]
    return [*known, *counted, *times, "yes" if tenant.is_complete else "no", at.isoformat() if at else ""]


@lookers
@require_safe
def console_organisation(request: MemberRequest, pk: int) -> HttpResponse:
    tenant = organisation(pk)
    entries = Entry.objects.having(touching("tenants.tenant", pk))[:HISTORY]
    context = {
        "tenant": tenant,
        "census": getattr(tenant, "census", None),
        "more": added([tenant], "list", "page")[tenant.pk],
        "former": former(tenant),
        "domains": sorted(tenant.domains.all(), key=lambda each: (not each.is_primary, each.domain)),
        "actions": offered(tenant) if operates(request.user) else [],
        "history": [Row(entry) for entry in entries],
        "jobs": jobs_of(tenant),
        "throttled": throttled(tenant),
        "mail": mail_of(tenant),
    }
    return render(request, "profiles/console_organisation.html", context)

"""The audit log: all of it for owners and admins; their own sign-ins for each member."""

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse, StreamingHttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from profiles.audit.export import FORMATS
from profiles.audit.forms import EntryFilter
from profiles.audit.keeping import kept_days
from profiles.audit.models import Entry, touching
from profiles.audit.rights import reads_audit_log
from profiles.audit.sentences import Row
from profiles.requests import MemberRequest
from shared.keyset import keyset_page

PAGE = 50


@require_safe
def audit_log(request: MemberRequest) -> HttpResponse:
    if not reads_audit_log(request.user):
        raise PermissionDenied
    filters = EntryFilter(request.GET)
    page = keyset_page(filters.narrow(Entry.objects.all()), request.GET, PAGE)
    context = {"page": page, "rows": [Row(entry) for entry in page.rows], "filters": filters, "formats": FORMATS}
    context["kept_days"] = kept_days()
    return render(request, "profiles/audit_log.html", context)


@require_safe
def export(request: MemberRequest, name: str) -> StreamingHttpResponse:
    """All filtered entries as a file."""
    if not reads_audit_log(request.user):
        raise PermissionDenied
    if name not in FORMATS:
        raise Http404
    content_type, lines = FORMATS[name]
    entries = EntryFilter(request.GET).narrow(Entry.objects.all())
    headers = {"Content-Disposition": f'attachment; filename="activity.{name}"'}
    return StreamingHttpResponse(lines(entries), content_type=content_type, headers=headers)


@require_safe
def my_sign_ins(request: MemberRequest) -> HttpResponse:
    own = Entry.objects.having(touching("profiles.user", request.user.pk)).about_sign_ins()
    page = keyset_page(own, request.GET, PAGE)
    context = {"page": page, "rows": [Row(entry) for entry in page.rows]}
    return render(request, "profiles/my_sign_ins.html", context)

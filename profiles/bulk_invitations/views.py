"""Pages of lists of invitations: the form, the preview that can be corrected, the progress and the results."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from profiles.access import managers_only
from profiles.bulk_invitations import changes
from profiles.bulk_invitations.forms import ListForm
from profiles.bulk_invitations.models import Batch
from profiles.bulk_invitations.preview import Preview, Report
from profiles.requests import MemberRequest
from profiles.roles import Role
from profiles.sign_in.sessions import ask_for_password
from shared.csv_cells import MARK, csv_lines
from shared.keyset import keyset_page
from tenants.limits.forms import refusal_of
from tenants.once.doing import once

PAGE = 20
LINES = 100


@managers_only
@once
def invite_many(request: MemberRequest) -> HttpResponse:
    form = ListForm(request.POST or None, request.FILES or None, actor=request.user)
    if form.is_valid():
        batch = changes.draft(actor=request.user, people=form.people, message=form.cleaned_data["message"])
        return redirect("invitation_list", batch.pk)
    page = keyset_page(Batch.objects.select_related("by"), request.GET, PAGE)
    return render(request, "profiles/invite_many.html", {"form": form, "page": page})


@managers_only
@require_http_methods(["GET", "HEAD", "POST"])
def batch(request: MemberRequest, pk: int) -> HttpResponse:
    """A draft with the expected outcome of each line, or a sent list's results. POST corrects a draft."""
    found = get_object_or_404(Batch.objects.select_related("by"), pk=pk)
    if request.method == "POST":
        try:
            changes.correct(pk=pk, typed=request.POST.dict())
        except Batch.DoesNotExist:  # It has been sent since the page was opened.
            messages.warning(request, _("This list has already been sent. Nothing was changed."))
        except ValidationError as refusal:
            messages.warning(request, refusal.messages[0])
        return redirect("invitation_list", pk)
    if found.sent:
        report = Report(found)
        page = Paginator(report.rows, LINES).get_page(request.GET.get("page"))
        return render(request, "profiles/invitation_report.html", {"batch": found, "report": report, "page_obj": page})
    return render(
        request, "profiles/invitation_preview.html", {"batch": found, "preview": Preview(found, request.user)}
    )


@require_POST
@managers_only
@once
def send(request: MemberRequest, pk: int) -> HttpResponse:
    draft = get_object_or_404(Batch, pk=pk)
    if owners := sum(line.role == Role.OWNER for line in draft.people):
        ask_for_password(request, ngettext("Invite %(n)s owner", "Invite %(n)s owners", owners) % {"n": owners})
    if refusal := refusal_of(request, "invite_many", account=str(request.user.pk)):
        messages.error(request, refusal.message)
        return redirect("invitation_list", pk)
    try:
        changes.send(actor=request.user, pk=pk)
    except Batch.DoesNotExist:
        messages.info(request, _("This list has already been sent."))
    return redirect("invitation_list", pk)


@require_safe
@managers_only
def results(request: MemberRequest, pk: int) -> HttpResponse:  # noqa: ARG001  the decorator reads it
    """The outcome of each line, as CSV."""
    report = Report(get_object_or_404(Batch.objects.exclude(sent=None), pk=pk))
    head = [[_("Email address"), _("Name"), _("Role"), _("Result"), _("Why")]]
    rows = [[line.email, line.name, str(role), str(label), line.words] for line, role, label, _tone in report.rows]
    headers = {"Content-Disposition": 'attachment; filename="invitations.csv"'}
    return HttpResponse(MARK + csv_lines(head + rows), content_type="text/csv; charset=utf-8", headers=headers)

"""Single rows and files of a sandbox in the console: they name people, so a reason is asked before they are shown."""

from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.cache import add_never_cache_headers
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from profiles.backups.choosing import Choice, Keys, Pair
from profiles.backups.comparing import MOST
from profiles.backups.errors import CannotRestore
from profiles.backups.models import Sandbox
from profiles.backups.names import FILES, name_of
from profiles.backups.showing import groups_of, lines_of
from profiles.backups.single_rows import take_over_some, what_goes
from profiles.backups.views import chosen_in
from profiles.console_sandboxes.views import sandbox_of, with_sandbox
from profiles.models import User
from profiles.operators.access import operators
from profiles.requests import MemberRequest
from profiles.sign_in.sessions import ask_for_password
from tenants.context import public, within
from tenants.events import emit, operated_by
from tenants.models import Tenant
from tenants.once.doing import once
from tenants.organisations.operating import ReasonForm


def pair_of(pk: int, what: str) -> tuple[Tenant, Sandbox, Pair]:
    """Raises Http404 without a sandbox of this version, and for rows that are not taken over."""
    tenant = with_sandbox(pk)
    sandbox = sandbox_of(tenant)
    if sandbox is None or not sandbox.tenant.is_complete:
        raise Http404
    pair = Pair(sandbox)
    if what != FILES and what not in pair.tables:
        raise Http404
    return tenant, sandbox, pair


@operators
@require_http_methods(["GET", "HEAD", "POST"])
def console_sandbox_rows(request: MemberRequest, pk: int, what: str) -> HttpResponse:
    tenant, _sandbox, pair = pair_of(pk, what)
    form = ReasonForm(request.POST if request.method == "POST" else None, tenant=tenant)
    context = {"tenant": tenant, "what": what, "heading": name_of(what), "form": form}
    if not form.is_valid():
        return render(request, "profiles/console_sandbox_reason.html", context)
    note_look(tenant, by=request.user, reason=form.cleaned_data["reason"])
    groups = groups_of(pair, what)
    response = render(request, "profiles/console_sandbox_rows.html", context | {"groups": groups, "most": MOST})
    add_never_cache_headers(response)
    return response


@transaction.atomic
def note_look(tenant: Tenant, *, by: User, reason: str) -> None:
    emit("console.sandbox_rows", tenant, by=by, reason=("", reason))
    with within(tenant), operated_by(by.name):
        emit("organisation.sandbox_rows_seen", tenant)


@operators
@require_POST
@once
def console_sandbox_take(request: MemberRequest, pk: int, what: str) -> HttpResponse:
    """Says what goes with what was chosen; with `sure`, takes it over."""
    tenant, sandbox, _pair = pair_of(pk, what)
    form = ReasonForm(request.POST, tenant=tenant)
    if not form.is_valid():
        return redirect("console_sandbox_rows", pk, what)
    rows, files = chosen_in(request.POST)
    context = {"tenant": tenant, "what": what, "chosen": request.POST.getlist("row"), "form": form}
    try:
        if "sure" not in request.POST:
            context["lines"] = lines_of(what_goes(sandbox, rows, files))
            return render(request, "profiles/console_sandbox_take.html", context)
        ask_for_password(request, _("Take over what you chose in the sandbox"))
        take(sandbox, rows, files, by=request.user, reason=form.cleaned_data["reason"])
    except CannotRestore as error:
        return render(request, "profiles/console_sandbox_take.html", context | {"error": str(error)})
    messages.success(request, _("What you chose is as it was in the sandbox."))
    return redirect("console_sandbox", pk)


@transaction.atomic
def take(sandbox: Sandbox, rows: Keys, files: set[str], *, by: User, reason: str) -> Choice:
    """In one transaction with the entry in the operators' own log."""
    emit("console.take_rows", sandbox.of, by=by, reason=("", reason))
    with public(), operated_by(by.name):
        return take_over_some(sandbox, rows, files)

"""Pages on which owners compare the organisation with its sandbox, and take rows and files over from there."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from profiles.backups.choosing import Keys, Pair
from profiles.backups.comparing import MOST
from profiles.backups.errors import CannotRestore
from profiles.backups.models import Sandbox, comparable
from profiles.backups.names import FILES, name_of
from profiles.backups.rights import takes_over
from profiles.backups.showing import groups_of, lines_about, lines_of
from profiles.backups.single_rows import take_over_some, what_goes
from profiles.requests import MemberRequest
from profiles.sign_in.sessions import ask_for_password
from tenants.context import required
from tenants.once.doing import once


def sandbox_if_any(request: MemberRequest) -> Sandbox | None:
    """Of this organisation; None while it is at another state of the migrations, too."""
    if not takes_over(request.user):
        raise PermissionDenied
    return comparable(required())


def sandbox_for(request: MemberRequest) -> Sandbox:
    """Raises Http404."""
    found = sandbox_if_any(request)
    if found is None:
        raise Http404
    return found


@require_safe
def sandbox(request: MemberRequest) -> HttpResponse:
    found = sandbox_if_any(request)
    rows = lines_about(found, rows_of) if found else []
    return render(request, "profiles/sandbox.html", {"sandbox": found, "rows": rows})


def rows_of(what: str) -> str:
    return reverse("sandbox_rows", args=[what])


@require_safe
def sandbox_rows(request: MemberRequest, what: str) -> HttpResponse:
    pair = Pair(sandbox_for(request))
    if what != FILES and what not in pair.tables:
        raise Http404
    context = {"what": what, "heading": name_of(what), "groups": groups_of(pair, what), "most": MOST}
    return render(request, "profiles/sandbox_rows.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@once
def take_from_sandbox(request: MemberRequest) -> HttpResponse:
    """A question first, which says what goes with what was chosen."""
    found = sandbox_for(request)
    asked = request.POST if request.method == "POST" else request.GET
    rows, files = chosen_in(asked)
    try:
        if request.method != "POST":
            lines = lines_of(what_goes(found, rows, files))
            context = {"lines": lines, "what": asked.get("what", ""), "chosen": asked.getlist("row")}
            return render(request, "profiles/sandbox_take.html", context)
        ask_for_password(request, _("Take over what you chose in the sandbox"))
        take_over_some(found, rows, files, by=request.user)
    except CannotRestore as error:
        return render(request, "profiles/sandbox_take.html", {"error": str(error), "what": asked.get("what", "")})
    messages.success(request, _("What you chose is as it was in the sandbox."))
    return redirect("sandbox")


def chosen_in(asked: QueryDict) -> tuple[Keys, set[str]]:
    """The keys of rows by model, and names of files."""
    what, chosen = asked.get("what", ""), set(asked.getlist("row")[: 3 * MOST])
    if what == FILES:
        return {}, chosen
    return {what: chosen} if chosen else {}, set()

"""Pages of bulk actions: the confirmation, and the results."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from profiles.access import managers_only
from profiles.bulk_actions import changes
from profiles.bulk_actions.models import Run
from profiles.bulk_actions.rows import Asked, action_named, rows_of
from profiles.people.bulk import BulkAction, values_of
from profiles.people.lists import back_to
from profiles.requests import MemberRequest
from profiles.sign_in.sessions import ask_for_password
from tenants.once.doing import once

# The number of names on a page; of further ones, only the number is shown.
NAMED = 20


@managers_only
@require_http_methods(["GET", "HEAD", "POST"])
@once
def confirm(request: MemberRequest) -> HttpResponse:
    """Show how many rows will be changed, and which are skipped and why. The form starts the action."""
    asked = Asked(request.GET, request.user)
    action, (fit, refused) = asked.action, asked.parted
    if not asked.rows:
        messages.info(request, _("Select at least one line of the list."))
        return HttpResponseRedirect(back_to(request, asked.list_name))
    posted = request.POST if request.method == "POST" else None
    form = action.form(posted, actor=request.user)
    is_same = posted is None or posted.get("seen") == asked.seen
    if posted is not None and fit and is_same and (form is None or form.is_valid()):
        return started(request, asked, values_of(form))
    context = {
        "action": action,
        "form": form,
        "list_name": asked.list_name,
        "fit": group(action, "", fit),
        "refused": [group(action, reason, rows) for reason, rows in refused.items()],
        "seen": asked.seen,
        "has_changed": not is_same,
        "back": back_to(request, asked.list_name),
    }
    return render(request, "profiles/bulk_confirm.html", context)


def started(request: MemberRequest, asked: Asked, values: dict[str, Any]) -> HttpResponse:
    if words := asked.action.password_words:
        ask_for_password(request, str(words))
    rows = [row.pk for row in asked.parted[0]]
    run = changes.start(
        actor=request.user, list_name=asked.list_name, action=asked.action.name, rows=rows, values=values
    )
    return redirect("bulk_run", run.pk)


@managers_only
@require_safe
def run(request: MemberRequest, pk: UUID) -> HttpResponse:
    """The results, for the member who started the run."""
    found = get_object_or_404(Run, pk=pk, actor=request.user)
    action = action_named(found.action)
    context = {
        "run": found,
        "action": action,
        "refused": [
            group(action, reason, rows_of(found.list_name, keys), len(keys)) for reason, keys in found.refused.items()
        ],
        "can_undo": changes.backwards(found) is not None,
    }
    return render(request, "profiles/bulk_run.html", context)


@require_POST
@managers_only
@once
def undo(request: MemberRequest, pk: UUID) -> HttpResponse:
    found = get_object_or_404(Run, pk=pk, actor=request.user)
    again = changes.undo(run=found)
    if again is None:
        messages.info(request, _("This cannot be undone any more."))
    return redirect("bulk_run", (again or found).pk)


def group(action: BulkAction | None, reason: str, rows: Any, number: int | None = None) -> dict[str, Any]:
    """Rows for a page: their number, the first names, and the reason."""
    names = [getattr(row, "name", "") or row.email for row in rows[:NAMED]]
    number = len(rows) if number is None else number
    in_words = action.reasons.get(reason, reason) if action else reason
    return {"reason": in_words, "number": number, "names": names, "others": number - len(names)}

"""The page of jobs, and what is done to one or to all of a kind."""

from typing import Any

from django import forms
from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpResponse, HttpResponseNotAllowed
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_safe
from procrastinate.contrib.django.models import ProcrastinateJob

from profiles.operators import queue
from profiles.operators.access import lookers, operators
from profiles.requests import MemberRequest
from shared.keyset import keyset_page
from tenants.context import public, required
from tenants.events import emit
from tenants.once.doing import once

PAGE = 50
VERBS = {"retry": (queue.retry, "console.jobs_retried"), "cancel": (queue.cancel, "console.jobs_cancelled")}


class JobFilter(forms.Form):
    STATUSES = (
        ("failed", _("Failed")),
        ("stalled", _("Stalled")),
        ("doing", _("Running")),
        ("todo", _("Waiting")),
    )
    status = forms.ChoiceField(label=_("Status"), choices=STATUSES, required=False)
    task = forms.CharField(max_length=128, required=False, widget=forms.HiddenInput)

    def asked(self) -> dict[str, str]:
        values = self.cleaned_data if self.is_valid() else {}
        return {"status": values.get("status") or "failed", "task": values.get("task", "").replace("\0", "")}


@lookers
@require_safe
def console_jobs(request: MemberRequest) -> HttpResponse:
    filters = JobFilter(request.GET)
    asked = filters.asked()
    with public():
        page = keyset_page(queue.some(**asked).select_related("worker"), request.GET, PAGE)
    context: dict[str, Any] = {
        "kinds": queue.kinds(),
        "page": page,
        "jobs": queue.with_tenants(page.rows),
        "filters": filters,
        "asked": asked,
        "statuses": JobFilter.STATUSES,
    }
    return render(request, "profiles/console_jobs.html", context)


@operators
@require_http_methods(["GET", "HEAD", "POST"])
@once
@transaction.atomic
def console_jobs_do(request: MemberRequest, verb: str) -> HttpResponseBase:
    """With `pk` the one job; with `task` all of that kind. To cancel these asks first."""
    if verb not in VERBS:
        raise Http404
    form = ChosenForm(request.POST if request.method == "POST" else request.GET)
    if request.method != "POST" and verb != "cancel":
        return HttpResponseNotAllowed(["POST"])
    if not form.is_valid():
        raise Http404
    if request.method != "POST":
        waiting = queue.some(task=form.words(), status="todo")
        with public():
            number = min(waiting.count(), queue.MOST)
        return render(request, "profiles/cancel_jobs.html", {"form": form, "task": form.words(), "number": number})
    do, kind = VERBS[verb]
    number = do(form.jobs())
    emit(kind, required(), by=request.user, job=("", form.words()), number=(0, number))
    messages.success(request, said(verb, number))
    asked = {"task": form.cleaned_data["task"], "status": form.cleaned_data["status"] or "failed"}
    return redirect(f"{reverse('console_jobs')}?{urlencode(asked)}")


class ChosenForm(forms.Form):
    pk = forms.IntegerField(min_value=1, max_value=2**63 - 1, required=False, widget=forms.HiddenInput)
    task = forms.CharField(max_length=128, required=False, widget=forms.HiddenInput)
    status = forms.ChoiceField(choices=JobFilter.STATUSES, required=False, widget=forms.HiddenInput)

    def is_valid(self) -> bool:
        return super().is_valid() and bool(self.cleaned_data["pk"] or self.cleaned_data["task"])

    def jobs(self) -> Any:
        pk, task = self.cleaned_data["pk"], self.cleaned_data["task"]
        return ProcrastinateJob.objects.filter(**({"pk": pk} if pk else {"task_name": task}))

    def words(self) -> str:
        return str(self.cleaned_data["pk"] or self.cleaned_data["task"])


def said(verb: str, number: int) -> str:
    if verb == "retry":
        words = ngettext("%(number)s job is queued again.", "%(number)s jobs are queued again.", number)
    else:
        words = ngettext("%(number)s job is cancelled.", "%(number)s jobs are cancelled.", number)
    return words % {"number": number}

"""The page of former members whose profiles are still kept."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from profiles.access import managers_only
from profiles.requests import MemberRequest
from profiles.returning import changes
from profiles.returning.models import Former
from shared.keyset import keyset_page
from tenants.limits.forms import refusal_of
from tenants.once.doing import once

PAGE = 50


@require_safe
@managers_only
def former_members(request: MemberRequest) -> HttpResponse:
    page = keyset_page(Former.objects.kept().order_by("-removed", "pk"), request.GET, PAGE)
    return render(request, "profiles/former_members.html", {"page": page})


@require_POST
@managers_only
@once
def invite_back(request: MemberRequest, pk: str) -> HttpResponse:
    former = get_object_or_404(Former.objects.kept(), pk=pk)
    if refusal := refusal_of(request, "invite", account=str(request.user.pk)):
        messages.error(request, refusal.message)
        return redirect("former_members")
    try:
        changes.invite_back(actor=request.user, former=former)
    except ValidationError as refusal:
        messages.error(request, refusal.messages[0])
    else:
        messages.success(request, _("You invited %(email)s.") % {"email": former.email})
    return redirect("former_members")


@require_POST
@managers_only
@once
def forget(request: MemberRequest, pk: str) -> HttpResponse:
    former = get_object_or_404(Former, pk=pk)
    changes.forget(actor=request.user, former=former)
    messages.success(request, _("What was kept of %(name)s is deleted.") % {"name": former.name})
    return redirect("former_members")

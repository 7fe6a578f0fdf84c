"""The page about the organisation's plan, for owners."""

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from profiles.plans.figures import figures
from profiles.plans.held import held
from profiles.plans.rights import sees_plan
from profiles.requests import MemberRequest
from tenants.context import required


@require_safe
def plan(request: MemberRequest) -> HttpResponse:
    if not sees_plan(request.user):
        raise PermissionDenied
    context = {"held": held(required()), "figures": list(figures()), "changed_at": settings.PLAN_CHANGED_AT}
    return render(request, "profiles/plan.html", context)

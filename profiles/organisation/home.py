"""An organisation's home."""

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from profiles.models import User
from profiles.organisation.first_steps import look_at
from profiles.requests import MemberRequest

NEWEST = 6


@require_safe
def home(request: MemberRequest) -> HttpResponse:
    newest = User.objects.active().select_related("profile").order_by("-date_joined", "-pk")[:NEWEST]
    is_confirmed, steps = look_at(request.user)
    context = {
        "newest": list(newest),
        "unverified": "" if is_confirmed else request.user.email,
        "steps": steps,
        "done": sum(step.is_done for step in steps),
    }
    return render(request, "profiles/home.html", context)

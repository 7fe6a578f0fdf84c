"""An organisation's home."""

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from profiles.models import User
from profiles.organisation.first_steps import look_at
from profiles.requests import MemberRequest
from shared.prepared import Prepared

NEWEST = Prepared(lambda: User.objects.active().select_related("profile").order_by("-date_joined", "-pk")[:6])


@require_safe
def home(request: MemberRequest) -> HttpResponse:
    is_confirmed, steps = look_at(request.user)
    context = {
        "newest": NEWEST.rows(),
        "unverified": "" if is_confirmed else request.user.email,
        "steps": steps,
        "done": sum(step.is_done for step in steps),
    }
    return render(request, "profiles/home.html", context)

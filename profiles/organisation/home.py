"""An organisation's home."""

from allauth.account.models import EmailAddress
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from profiles.models import User
from profiles.requests import MemberRequest

NEWEST = 6


@require_safe
def home(request: MemberRequest) -> HttpResponse:
    newest = User.objects.active().select_related("profile").order_by("-date_joined", "-pk")[:NEWEST]
    context = {
        "newest": list(newest),
        "unverified": unverified_email(request.user),
    }
    return render(request, "profiles/home.html", context)


def unverified_email(user: User) -> str:
    """The member's email address, if nobody has proved yet that it is theirs; or ""."""
    verified = EmailAddress.objects.filter(user=user, email__iexact=user.email, verified=True)
    return user.email if user.email and not verified.exists() else ""

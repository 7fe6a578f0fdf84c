"""Sign-in and security: an overview of what protects a member's account."""

from allauth.account.models import EmailAddress
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from profiles.requests import MemberRequest


@require_safe
def security(request: MemberRequest) -> HttpResponse:
    confirmed = EmailAddress.objects.filter(user=request.user, email__iexact=request.user.email, verified=True)
    return render(request, "profiles/security.html", {"is_confirmed": confirmed.exists()})

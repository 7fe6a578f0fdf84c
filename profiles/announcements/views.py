"""A member closes an announcement, in this browser."""

from django.conf import settings
from django.http import HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST

from profiles.announcements.shown import COOKIE, MOST, closed
from profiles.requests import MemberRequest
from profiles.sign_in.asking import page_of_form

SECONDS = 90 * 86_400


@require_POST
def close_announcement(request: MemberRequest, pk: int) -> HttpResponse:
    """Kept in a cookie: no organisation pays for a table of what was closed. Back to the page it was on."""
    keys = sorted(closed(request) | {pk})[-MOST:]
    page = page_of_form(request)
    response = redirect("home" if page == request.get_full_path() else page)
    value = ".".join(map(str, keys))
    response.set_cookie(COOKIE, value, SECONDS, secure=settings.SESSION_COOKIE_SECURE, httponly=True, samesite="Lax")
    return response

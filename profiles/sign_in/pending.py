"""A request that waits until the member has confirmed the password. That page names it, and it is done once.

With a stolen session, a thief could plant a request here for the member to confirm. So the page says what will be
done, only the browser that sent the request can confirm it (by a cookie), and it expires after a few minutes.
"""

import time
from typing import Any

from allauth.account import app_settings
from allauth.account.internal.flows import reauthentication
from allauth.account.internal.flows.login import get_authentication_records
from allauth.account.utils import get_next_redirect_url
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import REDIRECT_FIELD_NAME
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.shortcuts import redirect
from django.urls import resolve
from django.utils.crypto import constant_time_compare, get_random_string
from django.utils.datastructures import MultiValueDict
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from shared.session_values import NUMBER, session_value

KEY = "pending_request"  # in the session
SECONDS = 5 * 60
SHAPE = {"words": str, "token": str, "at": NUMBER, "path": str, "view": str, "form": str}
# Characters. The largest form that waits is a bulk action's, with a thousand members.
LONGEST = 250_000

allauth_recently = reauthentication.did_recently_reauthenticate
allauth_resume = reauthentication.resume_request


def suspend(request: HttpRequest, redirect_to: str) -> HttpResponse:
    """Replaces allauth's suspend_request(): keeps only a request that has a description, and is not long.

    After any other, the member sends the form again. So no new password is stored in a session, and a member cannot
    fill the table of sessions with megabytes for each sign-in.
    """
    path = request.get_full_path()
    response = HttpResponseRedirect(f"{redirect_to}?{urlencode({REDIRECT_FIELD_NAME: path})}")
    request.session.pop(KEY, None)
    form = request.POST.urlencode() if request.method == "POST" else ""
    if request.method == "POST" and len(form) <= LONGEST and (words := words_of(request)):
        token = get_random_string(32)
        request.session[KEY] = {
            "words": words,
            "token": token,
            "at": time.time(),
            "path": path,
            "view": resolve(request.path_info).view_name,
            "form": form,
        }
        set_cookie(response, token)
    return response


def words_of(request: HttpRequest) -> str:
    """A description of the request. Our views pass it to ask_for_password(); of allauth's, this one is kept."""
    if resolve(request.path_info).view_name == "account_email" and "action_add" in request.POST:
        return _("Change your email address to %(email)s") % {"email": request.POST.get("email", "")[:254]}
    return getattr(request, "pending_words", "")


def set_cookie(response: HttpResponse, token: str) -> None:
    """SameSite=Strict: after a link from another site, the password page has nothing to confirm."""
    response.set_cookie(
        settings.PENDING_COOKIE_NAME,
        token,
        max_age=SECONDS,
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Strict",
    )


def pending(request: HttpRequest) -> dict[str, Any] | None:
    """The request of this browser in this session, if it is only minutes old."""
    state = session_value(request, KEY, SHAPE)
    if not state or time.time() - state["at"] > SECONDS:
        return None
    is_ours = constant_time_compare(request.COOKIES.get(settings.PENDING_COOKIE_NAME, ""), state["token"])
    return state if is_ours else None


def resume(request: HttpRequest) -> HttpResponse | None:
    """Replaces allauth's resume_request(): do the pending request, or say that nothing was done."""
    state = pending(request)
    was_kept = request.session.pop(KEY, None) is not None
    if state and state["path"] == get_next_redirect_url(request, REDIRECT_FIELD_NAME):
        return do(request, state)
    if was_kept:
        messages.warning(request, _("Nothing was changed: your request had expired. Please try again."))
        return redirect("home")
    return allauth_resume(request)


def do(request: HttpRequest, state: dict[str, Any]) -> HttpResponse:
    """Call the view of the kept request with its form, as if the browser had sent it now."""
    path, _mark, query = state["path"].partition("?")
    match = resolve(path)
    if match.view_name != state["view"]:  # A release has changed the URLs meanwhile.
        return redirect("home")
    request.method = "POST"
    request.path = request.path_info = path
    request.META = {**request.META, "PATH_INFO": path, "QUERY_STRING": query}
    request.GET = QueryDict(query)
    request.POST = QueryDict(state["form"])
    request._files = MultiValueDict()  # type: ignore[attr-defined]
    request.resolver_match = match
    return match.func(request, *match.args, **match.kwargs)


def confirmed_recently(request: HttpRequest) -> bool:
    """Replaces allauth's did_recently_reauthenticate(): signing in with a password or a code counts too."""
    if allauth_recently(request):
        return True
    records = get_authentication_records(request, request.user)
    return any(time.time() - record["at"] < app_settings.REAUTHENTICATION_TIMEOUT for record in records)


def connect() -> None:
    """Make allauth use these: it has no setting for them. tests/profiles/sign_in/test_pending.py notices changes."""
    reauthentication.did_recently_reauthenticate = confirmed_recently
    reauthentication.suspend_request = suspend
    reauthentication.resume_request = resume

"""Visitors are asked to sign in, and sent back to where they were."""

from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.middleware import LoginRequiredMiddleware
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponseRedirect
from django.shortcuts import resolve_url
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _


class AskingMiddleware(LoginRequiredMiddleware):
    """If a form is sent after its session has ended, the sign-in page says so and leads back to the form's page.

    The browser keeps what was typed, if it has JavaScript (static/profiles/js/sign_in.js).
    """

    def handle_no_permission(self, request: HttpRequest, view_func: Callable[..., Any]) -> HttpResponseRedirect:
        if request.method != "POST":
            return super().handle_no_permission(request, view_func)
        messages.warning(request, _("You were signed out, and nothing was saved. Sign in and send the form again."))
        return redirect_to_login(page_of_form(request), resolve_url(settings.LOGIN_URL))


def page_of_form(request: HttpRequest) -> str:
    """The page that a form was on; the form's own address if the browser does not say."""
    referer = request.headers.get("referer", "")
    if not url_has_allowed_host_and_scheme(referer, allowed_hosts={request.get_host()}):
        return request.get_full_path()
    page = urlsplit(referer)
    return f"{page.path}?{page.query}" if page.query else page.path

"""Signing in with the organisation's provider: the way there, and back."""

from typing import Any

from allauth.account.adapter import get_adapter
from allauth.account.internal.flows.login import perform_login, record_authentication
from allauth.account.models import Login
from django.contrib import messages
from django.contrib.auth import REDIRECT_FIELD_NAME
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from profiles.models import User
from profiles.own_sign_in import flow
from profiles.own_sign_in.changes import note_test
from profiles.own_sign_in.connecting import remember
from profiles.own_sign_in.models import Provider
from profiles.own_sign_in.people import Unconfirmed, member_named
from profiles.own_sign_in.rules import BY_PROVIDER
from tenants.events import emit
from tenants.limits.forms import refusal_of


@login_not_required
@never_cache
@require_GET
def begin(request: HttpRequest) -> HttpResponse:
    """A link, and not a form: browsers do not follow a form to another site (form-action)."""
    if request.user.is_authenticated:
        return redirect("home")
    try:
        provider = Provider.usable()
        if provider is None:
            return redirect("account_login")
        if refusal := refusal_of(request, "own_sign_in", account=""):
            raise refusal
        return redirect(flow.begin(request, provider, goes_to=safe(request.GET.get(REDIRECT_FIELD_NAME, ""))))
    except ValidationError as refusal:
        return refused(request, refusal, "account_login")


def safe(path: str) -> str:
    return path if get_adapter().is_safe_url(path) else ""


@login_not_required
@never_cache
@require_GET
def callback(request: HttpRequest) -> HttpResponse:
    """The provider sends the browser here. The address bar keeps neither code nor state: each way ends elsewhere."""
    page = "own_sign_in" if request.user.is_authenticated else "account_login"
    try:
        finished = flow.finish(request)
        return tested(request, finished) if finished.tester else signed_in(request, finished)
    except ValidationError as refusal:
        return refused(request, refusal, page)


def refused(request: HttpRequest, refusal: ValidationError, page: str) -> HttpResponse:
    messages.error(request, refusal.messages[0])
    return redirect(page)


def tested(request: HttpRequest, finished: flow.Finished) -> HttpResponse:
    if not isinstance(request.user, User) or request.user.pk != finished.tester:
        raise PermissionDenied
    note_test(actor=request.user, version=finished.provider.version, subject=finished.claims["sub"])
    messages.success(request, _("The test went well: the provider says that you are %(who)s.") % {"who": who(finished)})
    return redirect("own_sign_in")


def who(finished: flow.Finished) -> str:
    claims: dict[str, Any] = finished.claims
    said = (claims.get("email"), claims.get("name"), claims["sub"])
    return next(each for each in said if isinstance(each, str) and each and each.isprintable())[:150]


def signed_in(request: HttpRequest, finished: flow.Finished) -> HttpResponse:
    provider = Provider.usable()
    if request.user.is_authenticated or provider is None or provider.version != finished.provider.version:
        return redirect("home")
    try:
        member = member_named(provider, finished.claims)
    except Unconfirmed as unconfirmed:
        remember(request, member=unconfirmed.member, subject=finished.claims["sub"], version=provider.version)
        words = _("Sign in once in another way, as %(email)s, to connect your account with %(provider)s.")
        messages.info(request, words % {"email": unconfirmed.member.email, "provider": provider.name})
        query = urlencode({REDIRECT_FIELD_NAME: finished.goes_to}) if finished.goes_to else ""
        return redirect(f"{reverse('account_login')}?{query}".rstrip("?"))
    emit("own_sign_in.used", member, by=member)
    setattr(request, BY_PROVIDER, True)
    record_authentication(request, member, method="own_sign_in")
    return perform_login(request, Login(user=member, email=member.email, redirect_url=finished.goes_to or None))

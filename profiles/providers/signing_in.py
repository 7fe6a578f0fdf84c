"""Signing in with a provider: the way there, the callback on the base domain, and back on the organisation's host."""

from allauth.account.adapter import get_adapter
from allauth.account.internal.flows.login import perform_login, record_authentication
from allauth.account.models import Login
from django.contrib import messages
from django.contrib.auth import REDIRECT_FIELD_NAME
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from profiles.oidc import confirming
from profiles.providers import flow
from profiles.providers.offered import offered
from profiles.providers.pages import keep
from profiles.providers.people import Unconfirmed, member_named
from tenants.events import emit
from tenants.limits.forms import refusal_of

CONFIRMS = (
    "confirms_provider"  # in the session: the person that a provider named and who has yet to sign in in another way
)


@login_not_required
@never_cache
@require_GET
def begin(request: HttpRequest, name: str) -> HttpResponse:
    """A link, and not a form: browsers do not follow a form to another site (form-action)."""
    if request.user.is_authenticated:
        return redirect("home")
    provider = offered().get(name)
    if provider is None:
        return redirect("account_login")
    try:
        if refusal := refusal_of(request, "provider_sign_in", account=""):
            raise refusal
        return redirect(flow.begin(request, provider, goes_to=safe(request.GET.get(REDIRECT_FIELD_NAME, ""))))
    except ValidationError as refusal:
        return refused(request, refusal)


def safe(path: str) -> str:
    return path if get_adapter().is_safe_url(path) else ""


@login_not_required
@never_cache
@require_GET
def callback(request: HttpRequest, name: str) -> HttpResponse:
    """On the base domain: provider and browser come here, whatever the organisation."""
    address = flow.onwards(request.GET.get("state", ""), name, request.GET)
    return redirect(address) if address else render(request, "profiles/provider_over.html", status=410)


@login_not_required
@never_cache
@require_GET
def returned(request: HttpRequest, name: str) -> HttpResponse:
    """The address bar keeps neither code nor state: each way ends elsewhere."""
    try:
        finished = flow.finish(request, name)
        return linking(request, finished) if finished.member else signed_in(request, finished)
    except ValidationError as refusal:
        return refused(request, refusal)


def refused(request: HttpRequest, refusal: ValidationError) -> HttpResponse:
    messages.error(request, refusal.messages[0])
    return redirect("providers" if request.user.is_authenticated else "account_login")


def linking(request: HttpRequest, finished: flow.Finished) -> HttpResponse:
    """The member is asked first: perhaps another person is signed in at the provider in this browser."""
    if not request.user.is_authenticated or request.user.pk != finished.member:
        raise PermissionDenied
    keep(request, finished)
    return redirect("confirm_provider")


def signed_in(request: HttpRequest, finished: flow.Finished) -> HttpResponse:
    if request.user.is_authenticated:
        return redirect("home")
    provider, person = finished.provider, finished.person
    try:
        member = member_named(request, provider, person)
    except Unconfirmed as unconfirmed:
        values = {"provider": provider.name, "subject": person.subject, "shown": person.shown}
        confirming.remember(request, CONFIRMS, member=unconfirmed.member, **values)
        words = _("Sign in once in another way, as %(email)s, to link your account with %(provider)s.")
        messages.info(request, words % {"email": unconfirmed.member.email, "provider": provider.label})
        query = urlencode({REDIRECT_FIELD_NAME: finished.goes_to}) if finished.goes_to else ""
        return redirect(f"{reverse('account_login')}?{query}".rstrip("?"))
    emit("provider.used", member, by=member, provider=("", provider.label))
    record_authentication(request, member, method="provider")
    return perform_login(request, Login(user=member, email=member.email, redirect_url=finished.goes_to or None))

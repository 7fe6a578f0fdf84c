"""The settings' pages on which an owner sets single sign-on up."""

from collections.abc import Callable

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from profiles.models import User
from profiles.own_sign_in import changes, flow
from profiles.own_sign_in.forms import ProviderForm, StateForm
from profiles.own_sign_in.models import Identity, Provider, State
from profiles.own_sign_in.rules import sets_up
from profiles.requests import MemberRequest
from profiles.sign_in.sessions import ask_for_password
from profiles.two_factor.members import without
from tenants.limits.forms import refusal_of
from tenants.once.doing import once


def check(request: MemberRequest) -> None:
    if not sets_up(request.user):
        raise PermissionDenied


@require_http_methods(["GET", "HEAD", "POST"])
@once
def own_sign_in(request: MemberRequest) -> HttpResponse:
    """What is set up, and the form that switches it on and off."""
    check(request)
    provider = Provider.current()
    is_sent = request.method == "POST"
    form = StateForm(request.POST if is_sent else None, initial={"state": provider.state if provider else ""})
    if form.is_valid():
        ask_for_password(request, _("Switch single sign-on on or off"))
        if done(form, "state", lambda: changes.switch(actor=request.user, state=form.cleaned_data["state"])):
            messages.success(request, _("The settings were saved."))
            return redirect("own_sign_in")
    context = {
        "provider": provider,
        "form": form if provider and (is_sent or provider.state != State.DRAFT) else None,
        "callback": flow.callback(),
        "connected": Identity.objects.filter(member__is_active=True).count() if provider else 0,
        "owners_without": User.objects.owners().filter(without()).count() if provider else 0,
    }
    return render(request, "profiles/own_sign_in.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: MemberRequest) -> HttpResponse:
    """Not in a transaction, since the provider is called; a second click saves the same.

    The password is asked for before the form: a request that waits for it would keep the secret in the session."""
    check(request)
    ask_for_password(request, "")
    form = ProviderForm(request.POST if request.method == "POST" else None, instance=Provider.current() or Provider())
    if form.is_valid() and not limited(request, form):
        provider, secret = form.instance, form.cleaned_data["secret"]
        if done(form, "issuer", lambda: changes.set_up(actor=request.user, provider=provider, secret=secret)):
            messages.success(request, _("The settings were saved."))
            return redirect("own_sign_in")
    return render(request, "profiles/edit_own_sign_in.html", {"form": form, "callback": flow.callback()})


def limited(request: MemberRequest, form: ProviderForm) -> bool:
    """Each attempt calls an address that the owner has entered."""
    refusal = refusal_of(request, "own_sign_in", account=str(request.user.pk))
    if refusal:
        form.add_error(None, refusal)
    return refusal is not None


def done(form: forms.BaseForm, field: str, verb: Callable[[], None]) -> bool:
    """Call the verb. What it refuses is an error of the form: of the field that it names, or else of this one."""
    try:
        verb()
    except ValidationError as refusal:
        form.add_error(None if hasattr(refusal, "error_dict") else field, refusal)
        return False
    return True


@require_safe
def test(request: MemberRequest) -> HttpResponse:
    """The owner goes to the provider and comes back, without being signed in anew."""
    check(request)
    provider = Provider.current()
    if provider is None:
        return redirect("own_sign_in")
    try:
        return redirect(flow.begin(request, provider, tester=request.user.pk))
    except ValidationError as refusal:
        messages.error(request, refusal.messages[0])
        return redirect("own_sign_in")


@require_http_methods(["GET", "HEAD", "POST"])
def remove(request: MemberRequest) -> HttpResponse:
    check(request)
    provider = Provider.current()
    if provider is None:
        return redirect("own_sign_in")
    if request.method == "POST":
        ask_for_password(request, _("Remove single sign-on"))
        changes.remove(actor=request.user)
        messages.success(request, _("Single sign-on was removed."))
        return redirect("own_sign_in")
    return render(request, "profiles/remove_own_sign_in.html", {"provider": provider})

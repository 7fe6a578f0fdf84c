"""Signing an organisation up."""

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_safe

from tenants.addresses.slugs import alternatives, normalise
from tenants.limits.addresses import client_address
from tenants.limits.forms import refusal_of
from tenants.once.doing import answer_to, key_of
from tenants.organisations.sign_up import SignedUp, is_taken
from tenants.registration.forms import SignUpForm, with_proposal

TYPED = ("organisation", "slug", "proposed")
LONGEST = 100  # Of what is typed, in characters; nothing that is proposed from or checked may be longer.


@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
@sensitive_post_parameters("password")
def sign_up(request: HttpRequest) -> HttpResponse:
    form = SignUpForm(request.POST if request.method == "POST" else None)
    if form.is_valid() and (new := signed_up(request, form)):
        return redirect(new.url)
    if answer := answer_to(key_of(request)):  # A double click: the address is taken by this very form.
        return redirect(answer)
    return render(request, "tenants/sign_up.html", {"form": form})


def signed_up(request: HttpRequest, form: SignUpForm) -> SignedUp | None:
    """None, with an error on the form, if it could not be done now."""
    # Anybody can type anybody's email address: for each address that they come from apart, or else they would use up
    # what its owner may.
    account = f"{form.cleaned_data['email']} {client_address(request)}"
    if refusal := refusal_of(request, "sign_up", account=account):
        form.add_error(None, refusal)
        return None
    return form.save(once=key_of(request))


@login_not_required
@require_safe
def propose_slug(request: HttpRequest) -> HttpResponse:
    """What there is to say about the address, while one fills in the form: a proposed one, or what was typed."""
    data = with_proposal({name: request.GET.get(name, "")[:LONGEST] for name in TYPED})
    form = SignUpForm(data if data["slug"] else None)
    context = {
        "form": form,
        "slug": normalise(data["slug"]),
        "proposed": data["proposed"],
        "named": data["organisation"].strip(),
        "errors": form.errors.get("slug"),
        "suggestions": suggestions(form),
    }
    return render(request, "tenants/sign_up_status.html", context)


def suggestions(form: SignUpForm) -> list[str]:
    """Free addresses near one that is taken."""
    return alternatives(form["slug"].value(), is_taken) if form.has_error("slug", "taken") else []

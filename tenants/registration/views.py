"""The sign-up page."""

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
LONGEST = 100  # Characters of each typed value that are used for a proposal.


@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
@sensitive_post_parameters("password")
def sign_up(request: HttpRequest) -> HttpResponse:
    form = SignUpForm(request.POST if request.method == "POST" else None)
    if form.is_valid() and (new := signed_up(request, form)):
        return redirect(new.url)
    if answer := answer_to(key_of(request)):  # A double click: this same form has taken the address.
        return redirect(answer)
    return render(request, "tenants/sign_up.html", {"form": form})


def signed_up(request: HttpRequest, form: SignUpForm) -> SignedUp | None:
    """Sign up, or return None with an error on the form."""
    # Count per email address and client address: anyone can type another person's email address, and must not use up
    # that person's attempts.
    account = f"{form.cleaned_data['email']} {client_address(request)}"
    if refusal := refusal_of(request, "sign_up", account=account):
        form.add_error(None, refusal)
        return None
    return form.save(once=key_of(request))


@login_not_required
@require_safe
def propose_slug(request: HttpRequest) -> HttpResponse:
    """The status of the address while the form is being filled in: a proposal, or a check of the typed one."""
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
    """Available addresses similar to a taken one."""
    return alternatives(form["slug"].value(), is_taken) if form.has_error("slug", "taken") else []

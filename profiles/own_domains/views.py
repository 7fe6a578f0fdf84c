"""Pages of domains, for owners: the list, one with its records, adding, removing, and the main address."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import logout
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from profiles.models import HandOff, Session
from profiles.own_domains import canonical, changes
from profiles.own_domains.forms import CanonicalForm, DomainForm
from profiles.own_domains.models import OwnDomain, target
from profiles.own_domains.rights import manages_domains
from profiles.own_domains.words import ADDRESS, PROOF
from profiles.requests import MemberRequest
from profiles.sign_in.sessions import ask_for_password
from shared.dns_proofs import in_words
from shared.lists import all_of
from tenants.context import public, required
from tenants.once.doing import once
from tenants.organisations.sign_up import domain_of


def owners_only(view: Callable[..., HttpResponseBase]) -> Callable[..., HttpResponseBase]:
    @wraps(view)
    def check(request: MemberRequest, **kwargs: Any) -> HttpResponseBase:
        if not manages_domains(request.user):
            raise PermissionDenied
        return view(request, **kwargs)

    return check


def domain_of_organisation(pk: int) -> OwnDomain:
    """Raises Http404, also for a domain of another organisation."""
    tenant = required()
    with public():
        found = OwnDomain.objects.filter(tenant=tenant, pk=pk).first()
    if found is None:
        raise Http404
    return found


@require_safe
@owners_only
def own_domains(request: MemberRequest) -> HttpResponse:
    tenant = required()
    with public():
        domains = list(OwnDomain.objects.filter(tenant=tenant).order_by("host"))
    can_choose = any(domain.state == OwnDomain.State.LIVE for domain in domains)
    return render(request, "profiles/own_domains.html", {"domains": domains, "can_choose": can_choose})


@require_http_methods(["GET", "HEAD", "POST"])
@owners_only
@once
def add_own_domain(request: MemberRequest) -> HttpResponse:
    form = DomainForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            domain = changes.add(actor=request.user, host=form.cleaned_data["host"])
        except ValidationError as error:
            form.add_error("host", error)
        else:
            messages.success(request, _("The domain was added. Now add these records at your DNS provider."))
            return redirect("own_domain", domain.pk)
    return render(request, "profiles/add_own_domain.html", {"form": form})


@require_safe
@owners_only
def own_domain(request: MemberRequest, pk: int) -> HttpResponse:
    domain = domain_of_organisation(pk)
    addresses = settings.OWN_DOMAIN_ADDRESSES
    context = {
        "domain": domain,
        "is_canonical": domain.host == required().domain,
        "proof_values": [domain.proof],
        "proof_words": in_words(domain.proof_error, found=domain.found, words=PROOF),
        "address_kind": "CNAME",
        "address_values": [target()],
        "address_hint": _("If your provider allows no CNAME here, add A and AAAA records instead: %(addresses)s")
        % {"addresses": all_of(addresses)}
        if addresses
        else "",
        "address_words": in_words(domain.address_error, found=domain.found, words=ADDRESS),
    }
    return render(request, "profiles/own_domain.html", context)


@require_POST
@owners_only
def check_own_domain(request: MemberRequest, pk: int) -> HttpResponse:
    changes.check_now(actor=request.user, domain=domain_of_organisation(pk))
    messages.success(request, _("The records are being checked. Reload this page in some seconds."))
    return redirect("own_domain", pk)


@require_http_methods(["GET", "HEAD", "POST"])
@owners_only
@once
def remove_own_domain(request: MemberRequest, pk: int) -> HttpResponse:
    domain, before = domain_of_organisation(pk), required().domain
    if request.method == "POST":
        ask_for_password(request, _("Remove the domain %(host)s") % {"host": domain.shown})
        changes.remove(actor=request.user, domain=domain)
        if required().domain != before:
            return go_on_elsewhere(request)
        messages.success(request, _("The domain was removed."))
        return redirect("own_domains")
    context = {"domain": domain, "is_canonical": domain.host == before, "address": domain_of(str(required().slug))}
    return render(request, "profiles/remove_own_domain.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@owners_only
@once
def canonical_address(request: MemberRequest) -> HttpResponse:
    hosts, present = canonical.choices(), required().domain
    form = CanonicalForm(request.POST if request.method == "POST" else None, hosts=hosts, initial={"host": present})
    if form.is_valid():
        host = form.cleaned_data["host"]
        if host == present:
            return redirect("own_domains")
        ask_for_password(request, _("Make %(host)s the main address") % {"host": host})
        try:
            canonical.choose(actor=request.user, host=host)
        except ValidationError as error:
            form.add_error("host", error)
        else:
            return go_on_elsewhere(request)
    signed_in = Session.objects.exclude(user=None).values("user").distinct().count()
    return render(request, "profiles/canonical_address.html", {"form": form, "signed_in": signed_in})


def go_on_elsewhere(request: MemberRequest) -> HttpResponse:
    """A page with a link that signs the member in at the new address, where no cookie of this one is worth anything.

    It is no redirect: the content security policy lets no form lead to a host that is not ours.
    """
    path = HandOff.objects.create(user=request.user).path
    logout(request)
    return render(request, "profiles/address_changed.html", {"url": required().url(path)})

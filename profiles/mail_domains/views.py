"""Pages of email domains: for owners, and for people who join with an address of one."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from profiles.joining.forms import ByLinkForm
from profiles.mail_domains import changes
from profiles.mail_domains.forms import JoiningForm, MailDomainForm
from profiles.mail_domains.joining import join_by_domain as verb
from profiles.mail_domains.models import MailDomain
from profiles.mail_domains.proved import endings, open_domains
from profiles.mail_domains.rights import manages_mail_domains
from profiles.requests import MemberRequest
from profiles.sign_in.sessions import ask_for_password
from shared.dns_proofs import in_words
from tenants.context import public, required
from tenants.limits.forms import refusal_of
from tenants.once.doing import once


def owners_only(view: Callable[..., HttpResponseBase]) -> Callable[..., HttpResponseBase]:
    @wraps(view)
    def check(request: MemberRequest, **kwargs: Any) -> HttpResponseBase:
        if not manages_mail_domains(request.user):
            raise PermissionDenied
        return view(request, **kwargs)

    return check


def domain_of_organisation(pk: int) -> MailDomain:
    """Raises Http404, also for a domain of another organisation."""
    tenant = required()
    with public():
        found = MailDomain.objects.filter(tenant=tenant, pk=pk).first()
    if found is None:
        raise Http404
    return found


@require_safe
@owners_only
def mail_domains(request: MemberRequest) -> HttpResponse:
    tenant = required()
    with public():
        domains = list(MailDomain.objects.filter(tenant=tenant).order_by("domain"))
    return render(request, "profiles/mail_domains.html", {"domains": domains})


@require_http_methods(["GET", "HEAD", "POST"])
@owners_only
@once
def add_mail_domain(request: MemberRequest) -> HttpResponse:
    form = MailDomainForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            domain = changes.add(actor=request.user, domain=form.cleaned_data["domain"])
        except ValidationError as error:
            form.add_error("domain", error)
        else:
            messages.success(request, _("The domain was added. Now add this record at your DNS provider."))
            return redirect("mail_domain", domain.pk)
    return render(request, "profiles/add_mail_domain.html", {"form": form})


@require_safe
@owners_only
def mail_domain(request: MemberRequest, pk: int) -> HttpResponse:
    domain = domain_of_organisation(pk)
    words = in_words(domain.error, found=domain.found)
    context = {"domain": domain, "values": [domain.proof], "words": words}
    return render(request, "profiles/mail_domain.html", context)


@require_POST
@owners_only
@once
def check_mail_domain(request: MemberRequest, pk: int) -> HttpResponse:
    changes.check_now(actor=request.user, domain=domain_of_organisation(pk))
    messages.success(request, _("The record is being checked. Reload this page in some seconds."))
    return redirect("mail_domain", pk)


@require_http_methods(["GET", "HEAD", "POST"])
@owners_only
@once
def mail_domain_joining(request: MemberRequest, pk: int) -> HttpResponse:
    domain = domain_of_organisation(pk)
    if not domain.proved:
        return redirect("mail_domain", pk)
    initial = {"joins": domain.joins, "role": domain.role}
    form = JoiningForm(request.POST if request.method == "POST" else None, actor=request.user, initial=initial)
    if form.is_valid():
        ask_for_password(request, _("Change how people with an address of %(domain)s join") % {"domain": domain.shown})
        try:
            changes.choose_joining(actor=request.user, domain=domain, **form.cleaned_data)
        except MailDomain.DoesNotExist:  # It has lapsed, or was removed, since we looked.
            raise Http404 from None
        messages.success(request, _("The settings were saved."))
        return redirect("mail_domain", pk)
    return render(request, "profiles/mail_domain_joining.html", {"form": form, "domain": domain})


@require_http_methods(["GET", "HEAD", "POST"])
@owners_only
@once
def remove_mail_domain(request: MemberRequest, pk: int) -> HttpResponse:
    domain = domain_of_organisation(pk)
    if request.method == "POST":
        ask_for_password(request, _("Remove the domain %(domain)s") % {"domain": domain.shown})
        changes.remove(actor=request.user, domain=domain)
        messages.success(request, _("The domain was removed."))
        return redirect("mail_domains")
    return render(request, "profiles/remove_mail_domain.html", {"domain": domain})


@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
@once
def join_by_domain(request: HttpRequest) -> HttpResponse:
    """What it answers depends on the domain alone, not on whether the address is known."""
    if request.user.is_authenticated:
        return redirect("home")
    if not (domains := open_domains()):
        raise Http404
    form = ByLinkForm(request.POST if request.method == "POST" else None)
    if form.is_valid() and (how := joined(request, form)):
        is_request = how == MailDomain.Joins.REQUEST
        return redirect(reverse("join_sent") + ("?request=1" if is_request else ""))
    return render(request, "profiles/join_by_domain.html", {"form": form, "endings": endings(domains)})


def joined(request: HttpRequest, form: ByLinkForm) -> str:
    """How the person joins, or "" with the error in the form."""
    if refusal := refusal_of(request, "join", account=form.cleaned_data["email"]):
        form.add_error(None, refusal)
        return ""
    try:
        return verb(**form.cleaned_data)
    except ValidationError as refusal:
        form.add_error(None, refusal)
        return ""

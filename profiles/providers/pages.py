"""The account's page of linked accounts: linking one, and unlinking it."""

import time
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.validators import slug_re
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from profiles.oidc.way import SECONDS
from profiles.providers import flow
from profiles.providers.linking import link, unlink
from profiles.providers.models import Identity
from profiles.providers.offered import label_of, offered
from profiles.requests import MemberRequest
from profiles.sign_in.sessions import ask_for_password
from shared.session_values import NUMBER, session_value
from tenants.limits.forms import refusal_of
from tenants.once.doing import once

LINKS = "links_provider"  # in the session: the account at a provider that the member is asked about


@require_safe
def providers(request: MemberRequest) -> HttpResponse:
    identities = {each.provider: each for each in Identity.objects.filter(member=request.user)}
    found = offered()
    rows = [
        {
            "name": name,
            "label": found[name].label if name in found else label_of(name),
            "icon": found[name].icon if name in found else "key",
            "identity": identities.get(name),
        }
        for name in dict.fromkeys([*found, *identities])
        if slug_re.match(name)  # as their addresses require
    ]
    return render(request, "profiles/providers.html", {"rows": rows})


@require_safe
def begin_link(request: MemberRequest, name: str) -> HttpResponse:
    provider = offered().get(name)
    if provider is None:
        return redirect("providers")
    ask_for_password(request, "")
    try:
        if refusal := refusal_of(request, "provider_sign_in", account=""):
            raise refusal
        return redirect(flow.begin(request, provider, member=request.user.pk))
    except ValidationError as refusal:
        messages.error(request, refusal.messages[0])
        return redirect("providers")


def keep(request: HttpRequest, finished: flow.Finished) -> None:
    person = finished.person
    values = {"provider": finished.provider.name, "subject": person.subject, "shown": person.shown}
    request.session[LINKS] = {"values": values, "member": finished.member, "at": time.time()}


def kept(request: MemberRequest) -> dict[str, Any] | None:
    found = session_value(request, LINKS, {"values": dict, "member": int, "at": NUMBER})
    if found is None or found["member"] != request.user.pk or time.time() - found["at"] > SECONDS:
        return None
    values: dict[str, Any] = found["values"]
    return values if values.keys() == {"provider", "subject", "shown"} else None


@require_http_methods(["GET", "HEAD", "POST"])
@once
def confirm_link(request: MemberRequest) -> HttpResponse:
    values = kept(request)
    if values is None:
        return redirect("providers")
    label = label_of(values["provider"])
    if request.method == "POST":
        ask_for_password(request, _("Link %(provider)s") % {"provider": label})
        del request.session[LINKS]
        try:
            link(member=request.user, **values)
        except ValidationError as refusal:
            messages.error(request, refusal.messages[0])
        else:
            messages.success(request, _("From now on you can sign in with %(provider)s.") % {"provider": label})
        return redirect("providers")
    return render(request, "profiles/link_provider.html", {"label": label, "shown": values["shown"]})


@require_http_methods(["GET", "HEAD", "POST"])
@once
def remove_link(request: MemberRequest, name: str) -> HttpResponse:
    identity = Identity.objects.filter(member=request.user, provider=name).first()
    if identity is None:
        raise Http404
    label = label_of(name)
    if request.method == "POST":
        ask_for_password(request, _("Unlink %(provider)s") % {"provider": label})
        try:
            unlink(member=request.user, provider=name)
        except ValidationError as refusal:
            messages.error(request, refusal.messages[0])
        else:
            messages.success(request, _("Your %(provider)s account is unlinked.") % {"provider": label})
        return redirect("providers")
    return render(request, "profiles/unlink_provider.html", {"label": label, "identity": identity})

"""The page of an action: it asks for a reason, does it, and writes both activity logs."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.cache import add_never_cache_headers
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from profiles.models import User
from profiles.operators.access import action_named, offered, operators, organisation
from profiles.requests import MemberRequest
from profiles.sign_in.sessions import ask_for_password
from tenants.context import public
from tenants.errors import WrongState
from tenants.events import emit, operated_by
from tenants.models import Tenant
from tenants.once.doing import once
from tenants.organisations.operating import OperatorAction


@operators
@require_http_methods(["GET", "HEAD", "POST"])
@once
def console_action(request: MemberRequest, pk: int, name: str) -> HttpResponse:
    tenant, action = organisation(pk), action_named(name)
    if action not in offered(tenant):
        return refused(request, reverse("console_organisation", args=[pk]))
    return page_of(request, action, tenant, back=reverse("console_organisation", args=[pk]))


def page_of(request: MemberRequest, action: OperatorAction, tenant: Tenant, *, back: str) -> HttpResponse:
    """The form of an action, and what comes of it. `back` is the address of the page that leads here."""
    form = action.form(request.POST if request.method == "POST" else None, tenant=tenant)
    if form.is_valid():
        if action.asks_password:
            ask_for_password(request, f"{action.label}: {tenant.name}")
        try:
            done = act(action, tenant, by=request.user, values=form.cleaned_data)
        except ValidationError as refusal:
            form.add_error(None, refusal)
        except WrongState:  # Another operator was faster.
            form.add_error(None, _("This is not possible for the organisation as it is now."))
        else:
            if action.shows_people:
                return shown(request, {"tenant": tenant, "action": action, "done": done, "back": back})
            messages.success(request, done)
            return redirect(back)
    context = {"tenant": tenant, "action": action, "form": form, "back": back}
    return render(request, "profiles/console_action.html", context)


def refused(request: MemberRequest, back: str) -> HttpResponse:
    """The answer to an action that the organisation's state does not allow."""
    messages.warning(request, _("This is not possible for the organisation as it is now."))
    return redirect(back)


def shown(request: MemberRequest, context: dict[str, Any]) -> HttpResponse:
    """What was done, once and here: messages to the next page are stored in a cookie."""
    response = render(request, "profiles/console_action.html", context)
    add_never_cache_headers(response)
    return response


@transaction.atomic
def act(action: OperatorAction, tenant: Tenant, *, by: User, values: dict[str, Any]) -> str:
    """Do it in the operator's name, in one transaction with the entry in the operators' own log."""
    emit(action.kind, tenant, by=by, reason=("", values["reason"]))
    with public(), operated_by(by.name):
        return str(action.do(tenant, values))

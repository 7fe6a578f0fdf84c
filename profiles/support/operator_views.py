"""In the console: asking to sign in as a member, and entering once that is allowed."""

from typing import Any

from django import forms
from django.conf import settings
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_http_methods, require_POST

from profiles.models import User
from profiles.models.user import normalised
from profiles.operators.access import operators, organisation
from profiles.requests import MemberRequest
from profiles.support import changes
from profiles.support.models import Visit
from tenants.context import within
from tenants.events import emit
from tenants.models import Tenant
from tenants.once.doing import once
from tenants.organisations.operating import OperatorAction, ReasonForm

SHOWN = 10
MINUTES = [15, 30, 60]


class SignIn(OperatorAction):
    name = "support"
    label = gettext_lazy("Sign in as a member")
    consequence = gettext_lazy("For support, if the organisation allows it. Its owners are told each time.")
    order = 5
    url_name = "console_support"


SIGN_IN = SignIn()


def minutes() -> list[tuple[int, str]]:
    return [(each, ngettext("%(number)s minute", "%(number)s minutes", each) % {"number": each}) for each in MINUTES]


class VisitForm(ReasonForm):
    member = forms.CharField(
        label=gettext_lazy("Username or email address of the member"),
        max_length=254,
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "none", "spellcheck": "false"}),
    )
    minutes = forms.TypedChoiceField(
        label=gettext_lazy("For how long"),
        coerce=int,
        choices=minutes,
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["reason"].help_text = gettext_lazy("The organisation’s owners read it.")


@operators
@require_http_methods(["GET", "HEAD", "POST"])
@once
def console_support(request: MemberRequest, pk: int) -> HttpResponse:
    tenant = visited(pk)
    form = VisitForm(request.POST if request.method == "POST" else None, tenant=tenant)
    if form.is_valid():
        try:
            visit = ask(tenant, operator=request.user, **form.cleaned_data)
        except ValidationError as refusal:
            form.add_error(None, refusal)
        else:
            return entrance(tenant, visit) if visit.allowed else redirect("console_support", pk)
    with within(tenant):
        visits = list(own(request.user).select_related("member").order_by("-pk")[:SHOWN])
    return render(request, "profiles/console_support.html", {"tenant": tenant, "form": form, "visits": visits})


@operators
@require_POST
def console_enter(request: MemberRequest, pk: int, visit: int) -> HttpResponse:
    """Enter what an owner has allowed, or enter again within its time."""
    tenant = visited(pk)
    with within(tenant):
        found = get_object_or_404(own(request.user), pk=visit)
        is_open = own(request.user).open().filter(pk=visit).exists()
    if not is_open:
        messages.warning(request, _("This visit is over, or was not allowed."))
        return redirect("console_support", pk)
    return entrance(tenant, found)


def visited(pk: int) -> Tenant:
    """Raises Http404 for what cannot be visited, the operators' own organisation above all."""
    tenant = organisation(pk)
    if tenant.is_operators or not SIGN_IN.is_offered(tenant):
        raise Http404
    return tenant


def own(operator: User) -> Any:
    """The visits of this operator to the current organisation."""
    return Visit.objects.filter(operator_key=operator.pk)


@transaction.atomic
def ask(tenant: Tenant, *, operator: User, member: str, reason: str, minutes: int) -> Visit:
    """Raises ValidationError."""
    emit(SIGN_IN.kind, tenant, by=operator, reason=("", reason))
    with within(tenant):
        name = normalised(member.strip()).replace("\0", "")
        found = User.objects.active().filter(Q(username__iexact=name) | Q(email__iexact=name)).first()
        if found is None:
            raise ValidationError({"member": _("No active member of the organisation has this username or address.")})
        return changes.ask(operator=operator, member=found, reason=reason, minutes=minutes)


def entrance(tenant: Tenant, visit: Visit) -> HttpResponse:
    """Leads to the one-time address on the organisation's host. A second click leads back to the page."""
    with within(tenant):
        path = reverse("enter_support", args=[changes.token(visit)], urlconf=settings.ROOT_URLCONF)
    response = redirect(tenant.url(path))
    response.again = reverse("console_support", args=[tenant.pk])  # type: ignore[attr-defined]  # for @once
    return response

"""In the organisation: whether support may sign in, its requests and visits; and the operator's way in and out."""

from django import forms
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import logout
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from profiles.requests import MemberRequest
from profiles.sign_in.sessions import ask_for_password
from profiles.support import changes
from profiles.support.models import Visit
from profiles.support.rights import manages_support
from profiles.support.session import begin, is_support
from tenants.context import public, required
from tenants.models import Tenant
from tenants.once.doing import once

SHOWN = 20


class AccessForm(forms.Form):
    access = forms.ChoiceField(
        label=_("Support may sign in as a member"),
        choices=Tenant.SupportAccess.choices,
        help_text=_("Always with a reason and for an hour at most. You get a notification each time."),
    )


@require_http_methods(["GET", "HEAD", "POST"])
def support_access(request: MemberRequest) -> HttpResponse:
    if not manages_support(request.user):
        raise PermissionDenied
    initial = {"access": required().support_access}
    form = AccessForm(request.POST if request.method == "POST" else None, initial=initial)
    if form.is_valid():
        if form.cleaned_data["access"] != Tenant.SupportAccess.OFF:
            ask_for_password(request, gettext("Let support sign in as a member"))
        changes.choose(actor=request.user, access=form.cleaned_data["access"])
        messages.success(request, gettext("Your settings were saved."))
        return redirect("support_access")
    visits = Visit.objects.select_related("member").order_by("-pk")[:SHOWN]
    return render(request, "profiles/support_access.html", {"form": form, "visits": visits})


@require_POST
@once
def answer_support(request: MemberRequest, pk: int) -> HttpResponse:
    if not manages_support(request.user):
        raise PermissionDenied
    get_object_or_404(Visit, pk=pk)
    is_allowed = request.POST.get("answer") == "allow"
    try:
        changes.answer(actor=request.user, visit=pk, is_allowed=is_allowed)
    except Visit.DoesNotExist:  # Another owner was faster.
        messages.warning(request, gettext("This request was answered before, or is more than a day old."))
        return redirect("support_access")
    done = gettext("Support can sign in now.") if is_allowed else gettext("Support cannot sign in.")
    messages.success(request, done)
    return redirect("support_access")


@require_POST
@once
def end_support_visit(request: MemberRequest, pk: int) -> HttpResponse:
    if not manages_support(request.user):
        raise PermissionDenied
    visit = get_object_or_404(Visit.objects.select_related("member"), pk=pk)
    if visit.state in ("allowed", "running"):
        changes.end(visit, by=request.user)
    messages.success(request, gettext("Support is signed out."))
    return redirect("support_access")


@login_not_required
@never_cache
@require_safe
def enter_support(request: HttpRequest, token: str) -> HttpResponse:
    """The one-time link to which the console redirects the operator.

    Another member who is signed in is asked to sign out first: they would go on in a name that is not theirs. The link
    still works afterwards.
    """
    if request.user.is_authenticated and not is_support(request):
        return render(request, "profiles/support_signed_in.html", status=409)
    visit = changes.enter(token, max_age=settings.HAND_OFF_SECONDS) if request.method == "GET" else None
    if visit is None:
        return render(request, "profiles/support_dead.html", status=410)
    begin(request, visit)
    return redirect("home")


@require_POST
def leave_support(request: MemberRequest) -> HttpResponse:
    """The operator's way out, back to the console."""
    visit = getattr(request, "support_visit", None)
    if visit is None:
        raise PermissionDenied
    changes.end(visit)
    logout(request)
    with public():
        staff = Tenant.objects.get(is_operators=True)
    path = reverse("console_organisation", args=[required().pk], urlconf=settings.OPERATORS_URLCONF)
    return redirect(staff.url(path))


for view in (enter_support, leave_support):
    setattr(view, "signs_in", True)  # noqa: B010  open in a sandbox, too, where a visitor otherwise sees only the sign-in

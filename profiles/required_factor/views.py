"""The settings' page on which an owner requires a second factor."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from profiles.models import User
from profiles.requests import MemberRequest
from profiles.required_factor.changes import require
from profiles.required_factor.forms import RequirementForm
from profiles.required_factor.models import Requirement
from profiles.required_factor.rights import requires_factor
from profiles.roles import MANAGERS
from profiles.sign_in.sessions import ask_for_password
from profiles.two_factor.members import without
from profiles.two_factor.row import has_one
from tenants.once.doing import once


@once
def required_factor(request: MemberRequest) -> HttpResponse:
    if not requires_factor(request.user):
        raise PermissionDenied
    present = Requirement.current()
    initial = {"scope": present.scope, "grace_days": present.grace_days} if present else {"scope": ""}
    form = RequirementForm(request.POST if request.method == "POST" else None, initial=initial)
    if form.is_valid() and saved(request, form):
        messages.success(request, _("The settings were saved."))
        return redirect("required_factor")
    lacking = User.objects.active().filter(without())
    context = {
        "form": form,
        "present": present,
        "has_own": has_one(request.user),
        "lacking": lacking.count(),
        "managers_lacking": lacking.filter(role__in=MANAGERS).count(),
    }
    return render(request, "profiles/required_factor.html", context)


def saved(request: MemberRequest, form: RequirementForm) -> bool:
    ask_for_password(request, _("Change who needs two-factor sign-in"))
    try:
        require(actor=request.user, **form.cleaned_data)
    except ValidationError as refusal:
        form.add_error("scope", refusal)
        return False
    return True

"""The page on which members change their username."""

from copy import copy

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from profiles.renaming.forms import UsernameForm
from profiles.renaming.models import DAYS
from profiles.requests import MemberRequest
from tenants.once.doing import once


@once
def change_username(request: MemberRequest) -> HttpResponse:
    """The form gets a copy of the viewer: it sets refused usernames on its instance, and the page shows the viewer."""
    posted = request.POST if request.method == "POST" else None
    form = UsernameForm(posted, instance=copy(request.user))
    if form.is_valid() and form.done(request.user):
        messages.success(request, _("Your username is %(name)s now.") % {"name": request.user.username})
        return redirect("change_username")
    return render(request, "profiles/change_username.html", {"form": form, "days": DAYS})

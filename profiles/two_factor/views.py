"""The page on which an owner or admin resets a member's second factor."""

from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from profiles.access import managers_only
from profiles.members.views import act, ask, managed, removed_already
from profiles.requests import MemberRequest
from profiles.sign_in.sessions import ask_for_password
from profiles.two_factor.resetting import reset
from tenants.once.doing import once

WORDS = gettext_lazy("Reset the second factor of %(name)s (%(username)s)")


@managers_only
@removed_already
@once
def reset_two_factor(request: MemberRequest, username: str) -> HttpResponse:
    member = managed(request, username)
    if request.method != "POST":
        return ask(request, "profiles/reset_two_factor.html", member)
    ask_for_password(request, WORDS % {"name": member.name, "username": member.username})
    done = _("%(name)s has no second factor now, and was signed out.") % {"name": member.name}
    return act(request, reset, done, member=member)

"""The settings' page about members: what each role may do, and how many members have it."""

from typing import NamedTuple

from django.core.exceptions import PermissionDenied
from django.db.models import Count
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from profiles import roles
from profiles.models import User
from profiles.people.lists import open_invitations
from profiles.requests import MemberRequest
from profiles.roles import Role

RIGHTS = {
    Role.OWNER: _("Do everything, and make others owners."),
    Role.ADMIN: _("Manage members and settings, but not owners."),
    Role.EDITOR: _("Write content, and see phone numbers and email addresses."),
    Role.READER: _("Read, and edit their own profile."),
}


class Row(NamedTuple):
    role: Role
    rights: str | Promise
    number: int


@require_safe
def members_settings(request: MemberRequest) -> HttpResponse:
    if not roles.edits_settings(request.user):
        raise PermissionDenied
    numbers = dict(User.objects.active().order_by().values_list("role").annotate(Count("pk")))
    rows = [Row(role, rights, numbers.get(role.value, 0)) for role, rights in RIGHTS.items()]
    return render(request, "profiles/members_settings.html", {"rows": rows, "invited": open_invitations()})

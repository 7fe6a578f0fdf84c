"""Pages for those who manage members."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from profiles import roles
from profiles.access import managers_only, member_to_see
from profiles.gone import gone
from profiles.members import changes as verbs
from profiles.members.forms import MemberFilter
from profiles.models import User
from profiles.requests import MemberRequest
from profiles.role_form import RoleForm
from profiles.sign_in.sessions import ask_for_password
from shared.keyset import keyset_page
from tenants.once.doing import once

PAGE = 50
# What the page of the password says.
WORDS = {
    verbs.deactivate: gettext_lazy("Deactivate %(name)s (%(username)s)"),
    verbs.reactivate: gettext_lazy("Let %(name)s (%(username)s) sign in again"),
    verbs.remove: gettext_lazy("Remove %(name)s (%(username)s)"),
}
ROLE_WORDS = {
    roles.Role.OWNER: gettext_lazy("Make %(name)s (%(username)s) an owner"),
    roles.Role.ADMIN: gettext_lazy("Make %(name)s (%(username)s) an admin"),
    roles.Role.EDITOR: gettext_lazy("Make %(name)s (%(username)s) an editor"),
    roles.Role.READER: gettext_lazy("Make %(name)s (%(username)s) a reader"),
}
removed_already = gone(gettext_lazy("This person has already been removed."), back_to="members")


@managers_only
def members(request: MemberRequest) -> HttpResponse:
    filters = MemberFilter(request.GET)
    found = filters.narrow(User.objects.search(request.GET.get("q", ""), by_email=True))
    page = keyset_page(found.select_related("profile").by_name(), request.GET, PAGE)
    rows = [(member, roles.manages(request.user, member)) for member in page.rows]
    return render(request, "profiles/members.html", {"filters": filters, "page": page, "rows": rows})


@managers_only
@removed_already
@once
def change_role(request: MemberRequest, username: str) -> HttpResponse:
    member = managed(request, username)
    form = RoleForm(request.POST or None, actor=request.user, initial={"role": member.role})
    if form.is_valid():
        role = roles.Role(form.cleaned_data["role"])
        done = _("%(name)s now has the role %(role)s.") % {"name": member.name, "role": role.label}
        return act(request, verbs.change_role, done, member=member, role=role)
    return render(request, "profiles/change_role.html", {"member": member, "form": form})


@managers_only
@removed_already
@once
def deactivate(request: MemberRequest, username: str) -> HttpResponse:
    member = managed(request, username)
    if request.method == "POST":
        done = _("%(name)s was deactivated and signed out.") % {"name": member.name}
        return act(request, verbs.deactivate, done, member=member)
    return render(request, "profiles/deactivate.html", {"member": member})


@managers_only
@removed_already
@once
def reactivate(request: MemberRequest, username: str) -> HttpResponse:
    member = managed(request, username)
    if request.method == "POST":
        done = _("%(name)s can sign in again.") % {"name": member.name}
        return act(request, verbs.reactivate, done, member=member)
    return render(request, "profiles/reactivate.html", {"member": member})


@managers_only
@removed_already
@once
def remove(request: MemberRequest, username: str) -> HttpResponse:
    member = managed(request, username)
    if request.method == "POST":
        done = _("%(name)s was removed.") % {"name": member.name}
        return act(request, verbs.remove, done, member=member)
    return render(request, "profiles/remove.html", {"member": member})


def managed(request: MemberRequest, username: str) -> User:
    """The member of this name, if the viewer may manage them: 404 if there is none, else 403."""
    member = member_to_see(request, username)
    if not roles.manages(request.user, member):
        raise PermissionDenied
    return member


def act(request: MemberRequest, verb: Callable[..., None], done: str, **arguments: Any) -> HttpResponse:
    """Have the viewer do it, say what happened, and go back to the list. To owners only with the password."""
    if roles.Role.OWNER in (arguments["member"].role, arguments.get("role")):
        ask_for_password(request, words_of(verb, **arguments))
    try:
        verb(actor=request.user, **arguments)
    except ValidationError as refusal:
        messages.error(request, refusal.messages[0])
    except User.DoesNotExist:  # Somebody else has removed them since we looked.
        raise Http404 from None
    else:
        messages.success(request, done)
    return redirect("members")


def words_of(verb: Callable[..., None], *, member: User, role: roles.Role | None = None) -> str:
    """What this does to the member, for the page of the password."""
    words = WORDS[verb] if role is None else ROLE_WORDS[role]
    return words % {"name": member.name, "username": member.username}

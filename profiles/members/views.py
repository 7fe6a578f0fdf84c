"""Pages for managing members."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpResponse, HttpResponsePermanentRedirect, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from profiles import roles
from profiles.access import managers_only, member_to_see
from profiles.gone import gone
from profiles.members import changes as verbs
from profiles.models import User
from profiles.people.lists import back_to
from profiles.requests import MemberRequest
from profiles.role_form import RoleForm
from profiles.sign_in.sessions import ask_for_password
from tenants.once.doing import once

# Sentences for the page that asks for the password.
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
removed_already = gone(gettext_lazy("This person has already been removed."), back_to=back_to)


@managers_only
@require_safe
def members(request: MemberRequest) -> HttpResponse:
    """Redirects links of earlier releases to the tab that shows the same members."""
    query = request.GET.copy()
    is_deactivated = query.pop("state", [""])[-1] == "deactivated"
    where = reverse("deactivated" if is_deactivated else "people")
    return HttpResponsePermanentRedirect(f"{where}?{query.urlencode()}" if query else where)


@managers_only
@removed_already
@once
def change_role(request: MemberRequest, username: str) -> HttpResponse:
    member = managed(request, username)
    form = RoleForm(request.POST or None, actor=request.user, initial={"role": member.role})
    if form.is_valid():
        role = roles.Role(form.cleaned_data["role"])
        done = _("%(name)s now has the role %(role)s.") % {"name": member.name, "role": role.label}
        return act(request, verbs.change_role, undo(request, member, done), member=member, role=role)
    return ask(request, "profiles/change_role.html", member, form=form)


def undo(request: MemberRequest, member: User, done: str) -> str:
    """The message with a button that restores the former role. Its form, #undo, is on the list."""
    button = '{} <button class="button button--small" form="undo" formaction="{}" name="role" value="{}">{}</button>'
    return format_html(button, done, request.get_full_path(), member.role, _("Undo"))


@managers_only
@removed_already
@once
def deactivate(request: MemberRequest, username: str) -> HttpResponse:
    member = managed(request, username)
    if request.method == "POST":
        done = _("%(name)s was deactivated and signed out.") % {"name": member.name}
        return act(request, verbs.deactivate, done, member=member)
    return ask(request, "profiles/deactivate.html", member)


@managers_only
@removed_already
@once
def reactivate(request: MemberRequest, username: str) -> HttpResponse:
    member = managed(request, username)
    if request.method == "POST":
        done = _("%(name)s can sign in again.") % {"name": member.name}
        return act(request, verbs.reactivate, done, member=member)
    return ask(request, "profiles/reactivate.html", member)


@managers_only
@removed_already
@once
def remove(request: MemberRequest, username: str) -> HttpResponse:
    member = managed(request, username)
    if request.method == "POST":
        done = _("%(name)s was removed.") % {"name": member.name}
        return act(request, verbs.remove, done, member=member)
    return ask(request, "profiles/remove.html", member)


def managed(request: MemberRequest, username: str) -> User:
    """The member with this username, if the viewer may manage them; otherwise 403, or 404 if there is none."""
    member = member_to_see(request, username)
    if not roles.manages(request.user, member):
        raise PermissionDenied
    return member


def ask(request: MemberRequest, template: str, member: User, **more: Any) -> HttpResponse:
    return render(request, template, {"member": member, "back": back_to(request), **more})


def act(request: MemberRequest, verb: Callable[..., None], done: str, **arguments: Any) -> HttpResponse:
    """Do the viewer's action, show a message, and redirect to the list. Actions on owners need the password."""
    if roles.Role.OWNER in (arguments["member"].role, arguments.get("role")):
        ask_for_password(request, words_of(verb, **arguments))
    try:
        verb(actor=request.user, **arguments)
    except ValidationError as refusal:
        messages.error(request, refusal.messages[0])
    except User.DoesNotExist:  # Another member has removed them meanwhile.
        raise Http404 from None
    else:
        messages.success(request, done)
    return HttpResponseRedirect(back_to(request))


def words_of(verb: Callable[..., None], *, member: User, role: roles.Role | None = None) -> str:
    """A sentence about the action, for the page that asks for the password."""
    words = WORDS[verb] if role is None else ROLE_WORDS[role]
    return words % {"name": member.name, "username": member.username}

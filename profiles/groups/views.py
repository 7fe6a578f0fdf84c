"""Pages of groups: the list, one group, and the forms for owners and admins."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_POST, require_safe

from profiles import roles
from profiles.access import managers_only
from profiles.gone import gone
from profiles.groups import changes
from profiles.groups.forms import GroupForm
from profiles.groups.models import Group
from profiles.groups.rights import manages_groups
from profiles.models import User
from profiles.requests import MemberRequest
from shared.keyset import keyset_page
from tenants.once.doing import once

PAGE = 50
deleted_already = gone(gettext_lazy("This group has been deleted."), back_to=lambda _request: reverse("groups"))


@require_safe
def groups(request: MemberRequest) -> HttpResponse:
    found = Group.objects.search(request.GET.get("q", "")).with_sizes().by_name()
    return render(request, "profiles/groups.html", {"page": keyset_page(found, request.GET, PAGE), "filters": None})


@require_safe
def group(request: MemberRequest, pk: int) -> HttpResponse:
    """A group, and the members in it that the viewer may see."""
    found = get_object_or_404(Group, pk=pk)
    members = User.objects.visible_to(request.user).filter(groups=found)
    context = people(request, members) | {"group": found, "manages": manages_groups(request.user)}
    return render(request, "profiles/group.html", context)


def people(request: MemberRequest, members: Any) -> dict[str, Any]:
    """A page of a searched list of members."""
    found = members.search(request.GET.get("q", ""), by_email=roles.sees_contacts(request.user))
    return {"page": keyset_page(found.select_related("profile").by_name(), request.GET, PAGE), "filters": None}


@managers_only
@once
def new_group(request: MemberRequest) -> HttpResponse:
    form = GroupForm(request.POST or None)
    if form.is_valid() and (made := kept(form, changes.make, actor=request.user)):
        messages.success(request, _("The group was made. Now add people to it."))
        return redirect("add_to_group", made.pk)
    return render(request, "profiles/group_form.html", {"form": form, "group": None})


@managers_only
@deleted_already
@once
def edit_group(request: MemberRequest, pk: int) -> HttpResponse:
    found = get_object_or_404(Group, pk=pk)
    form = GroupForm(request.POST or None, instance=found)
    if form.is_valid() and kept(form, changes.change, actor=request.user, group=found):
        messages.success(request, _("The group was saved."))
        return redirect(found)
    return render(request, "profiles/group_form.html", {"form": form, "group": found})


def kept(form: GroupForm, verb: Any, **arguments: Any) -> Group | None:
    """The saved group; None, with an error on the form, if the verb refuses."""
    try:
        return verb(**arguments, **form.typed())
    except ValidationError as refusal:
        form.add_error(None, refusal)
    except Group.DoesNotExist:
        raise Http404 from None
    return None


@managers_only
@deleted_already
@once
def delete_group(request: MemberRequest, pk: int) -> HttpResponse:
    found = get_object_or_404(Group.objects.with_sizes(), pk=pk)
    if request.method == "POST":
        done(changes.delete, actor=request.user, group=found)
        messages.success(request, _("The group %(name)s was deleted.") % {"name": found.name})
        return redirect("groups")
    return render(request, "profiles/delete_group.html", {"group": found})


@managers_only
@deleted_already
@once
def add_to_group(request: MemberRequest, pk: int) -> HttpResponse:
    """A list of members who are not in the group, to choose from."""
    found = get_object_or_404(Group, pk=pk)
    if request.method == "POST":
        added = done(changes.add, actor=request.user, group=found, members=chosen(request))
        sentence = ngettext("%(n)s person was added.", "%(n)s people were added.", len(added)) % {"n": len(added)}
        messages.success(request, sentence) if added else messages.info(request, _("Choose at least one person."))
        return redirect(found) if added else redirect(request.get_full_path())
    context = people(request, User.objects.active().exclude(groups=found)) | {"group": found}
    return render(request, "profiles/add_to_group.html", context)


@require_POST
@managers_only
@deleted_already
@once
def take_out_of_group(request: MemberRequest, pk: int) -> HttpResponse:
    found = get_object_or_404(Group, pk=pk)
    for member in done(changes.take_out, actor=request.user, group=found, members=chosen(request)):
        messages.success(request, _("%(name)s was removed from the group.") % {"name": member.name})
    return redirect(found)


def done(verb: Any, **arguments: Any) -> Any:
    try:
        return verb(**arguments)
    except Group.DoesNotExist:
        raise Http404 from None


def chosen(request: MemberRequest) -> list[int]:
    """The ticked members: at most a page, and only valid primary keys."""
    asked = request.POST.getlist("member")[:PAGE]
    return [int(text) for text in asked if text.isascii() and text.isdigit() and len(text) < 19]

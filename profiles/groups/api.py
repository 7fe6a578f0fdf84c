"""Groups in the API, with the rules of their pages (docs/api.md)."""

from collections.abc import Callable
from typing import Any

from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from ninja import Query, Router
from pydantic import Field

from profiles.access import managers_only, member_to_see
from profiles.api.answers import Input, Paged, Representation, Sparse, nothing, one, page, page_of, unless_changed
from profiles.api.problems import form_refused, state_refused
from profiles.api.requests import ApiRequest
from profiles.api.resources.people import Person, shown_to
from profiles.api.scoped import needs
from profiles.api.scopes import resource
from profiles.groups import changes
from profiles.groups.forms import GroupForm
from profiles.groups.models import Group
from profiles.models import User

router = Router(tags=["Groups"])
resource("groups", _("Groups"))


class GroupShown(Representation):
    """A group, as all members see it."""

    key = "id"

    id: int
    name: str = ""
    description: str = ""


class GroupTyped(Input):
    name: str = Field(max_length=80)
    description: str = Field("", max_length=300)


def shown(group: Group) -> GroupShown:
    return GroupShown(id=group.pk, name=group.name, description=group.description)


class GroupsAsked(Paged):
    q: str = Field("", max_length=200, description="Part of the name or of the description.")


@router.get("/groups", **needs("groups:read"), response=page_of(GroupShown), url_name="groups")
def list_groups(request: ApiRequest, asked: Query[GroupsAsked]) -> HttpResponse:
    """All groups, by name."""
    return page(request, Group.objects.search(asked.q).by_name(), asked, GroupShown, shown)


@router.post("/groups", **needs("groups:write"), response={201: GroupShown}, url_name="groups")
@managers_only
def make_group(request: ApiRequest, typed: GroupTyped) -> HttpResponse:
    """Make a group without members."""
    made = kept(GroupForm(typed.model_dump()), changes.make, actor=request.user)
    response = one(request, shown(made), status=201)
    response["Location"] = reverse("api-v1:group", args=[made.pk])
    return response


@router.get("/groups/{int:pk}", **needs("groups:read"), response=GroupShown, url_name="group")
def get_group(request: ApiRequest, pk: int, asked: Query[Sparse]) -> HttpResponse:
    """One group."""
    return one(request, shown(get_object_or_404(Group, pk=pk)), fields=asked.names(GroupShown))


@router.put("/groups/{int:pk}", **needs("groups:write", versioned=True), response=GroupShown, url_name="group")
@managers_only
def change_group(request: ApiRequest, pk: int, typed: GroupTyped) -> HttpResponse:
    """Give a group another name or description."""
    found = get_object_or_404(Group, pk=pk)
    with unless_changed(request, request.user, lambda: shown(get_object_or_404(Group, pk=pk))):
        changed = kept(GroupForm(typed.model_dump(), instance=found), changes.change, actor=request.user, group=found)
    return one(request, shown(changed))


@router.delete("/groups/{int:pk}", **needs("groups:write"), response={204: None}, url_name="group")
@managers_only
def delete_group(request: ApiRequest, pk: int) -> HttpResponse:
    """Delete a group. Its members stay members of the organisation."""
    changes.delete(actor=request.user, group=get_object_or_404(Group, pk=pk))
    return nothing()


@router.get("/groups/{int:pk}/members", **needs("groups:read"), response=page_of(Person), url_name="group_members")
def list_group_members(request: ApiRequest, pk: int, asked: Query[Paged]) -> HttpResponse:
    """The members of a group that the token's member may see, by name."""
    members = User.objects.visible_to(request.user).filter(groups=get_object_or_404(Group, pk=pk))
    whole = members.select_related("profile").by_name()
    return page(request, whole, asked, Person, lambda member: shown_to(request.user, member.profile))


@router.put(
    "/groups/{int:pk}/members/{username:username}",
    **needs("groups:write"),
    response={204: None},
    url_name="group_member",
)
@managers_only
def add_group_member(request: ApiRequest, pk: int, username: str) -> HttpResponse:
    """Put a member into a group. Nothing happens if they are in it."""
    return each(request, changes.add, pk, username)


@router.delete(
    "/groups/{int:pk}/members/{username:username}",
    **needs("groups:write"),
    response={204: None},
    url_name="group_member",
)
@managers_only
def remove_group_member(request: ApiRequest, pk: int, username: str) -> HttpResponse:
    """Take a member out of a group. Nothing happens if they are not in it."""
    return each(request, changes.take_out, pk, username)


def each(request: ApiRequest, verb: Callable[..., Any], pk: int, username: str) -> HttpResponse:
    group, member = get_object_or_404(Group, pk=pk), member_to_see(request, username)
    verb(actor=request.user, group=group, members=[member.pk])
    return nothing()


def kept(form: GroupForm, verb: Callable[..., Group], **arguments: Any) -> Group:
    if not form.is_valid():
        raise form_refused(form)
    try:
        return verb(**arguments, **form.typed())
    except ValidationError as error:  # Another member was faster, or there are too many groups.
        raise state_refused(error) from error

"""Members, for those who manage them: role, deactivate, reactivate, remove. Owners are managed on the pages."""

from collections.abc import Callable
from datetime import datetime
from enum import StrEnum
from typing import Any

from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.utils.translation import gettext as _
from ninja import Query, Router

from profiles.access import managers_only, member_to_see
from profiles.api.answers import Input, Representation, Sparse, nothing, one, page, page_of, unless_changed
from profiles.api.problems import Refused, state_refused
from profiles.api.requests import ApiRequest
from profiles.api.resources.people import PeopleAsked
from profiles.api.scoped import needs
from profiles.api.showing import shows
from profiles.members import changes as verbs
from profiles.members.views import managed
from profiles.models import User
from profiles.people.lists import PeopleFilter
from profiles.roles import Role

router = Router(tags=["Members"])


class State(StrEnum):
    ACTIVE = "active"
    DEACTIVATED = "deactivated"


class Member(Representation):
    """A member, as those see them who manage members."""

    key = "username"

    username: str
    name: str = ""
    email: str | None = None
    role: Role = Role.READER
    is_active: bool = True
    joined: datetime | None = None


def shown(member: User) -> Member:
    named = {name: getattr(member, name) for name in ("username", "name", "role", "is_active")}
    return Member(**named, email=member.email or None, joined=member.date_joined)


shows(User, "member", shown)


class MembersAsked(PeopleAsked):
    state: State | None = None


class MemberChange(Input):
    role: Role


@router.get("/members", **needs("members:read", for_assistants=True), response=page_of(Member), url_name="members")
@managers_only
def list_members(request: ApiRequest, asked: Query[MembersAsked]) -> HttpResponse:
    """All members, deactivated ones too."""
    found = User.objects.search(asked.q, by_email=True, as_manager=True)
    if asked.state:
        found = found.filter(is_active=asked.state == State.ACTIVE)
    whole = PeopleFilter({"role": asked.role or "", "sort": asked.sort}).narrow(found)
    return page(request, whole, asked, Member, shown)


@router.get("/members/{username:username}", **needs("members:read"), response=Member, url_name="member")
@managers_only
def get_member(request: ApiRequest, username: str, asked: Query[Sparse]) -> HttpResponse:
    """One member."""
    return one(request, shown(member_to_see(request, username)), fields=asked.names(Member))


@router.patch(
    "/members/{username:username}", **needs("members:write", versioned=True), response=Member, url_name="member"
)
@managers_only
def change_member(request: ApiRequest, username: str, change: MemberChange) -> HttpResponse:
    """Give a member another role."""
    return act(request, username, verbs.change_role, role=change.role)


@router.post(
    "/members/{username:username}/deactivate",
    **needs("members:write", versioned=True),
    response=Member,
    url_name="deactivate",
)
@managers_only
def deactivate_member(request: ApiRequest, username: str) -> HttpResponse:
    """Sign a member out everywhere, and let them in no more. 409 if they are deactivated."""
    return act(request, username, verbs.deactivate)


@router.post(
    "/members/{username:username}/reactivate",
    **needs("members:write", versioned=True),
    response=Member,
    url_name="reactivate",
)
@managers_only
def reactivate_member(request: ApiRequest, username: str) -> HttpResponse:
    """Let a deactivated member sign in again. 409 if they are active."""
    return act(request, username, verbs.reactivate)


@router.delete(
    "/members/{username:username}", **needs("members:write", versioned=True), response={204: None}, url_name="member"
)
@managers_only
def remove_member(request: ApiRequest, username: str) -> HttpResponse:
    """Delete a member with their profile and photo. This cannot be undone."""
    act(request, username, verbs.remove)
    return nothing()


def act(request: ApiRequest, username: str, verb: Callable[..., None], **arguments: Any) -> HttpResponse:
    """Do it as the token's member, and return the member's new state."""
    member = managed(request, username)
    no_owner(member.role, arguments.get("role"))
    with unless_changed(request, member, lambda: shown(User.objects.get(pk=member.pk))):
        try:
            verb(actor=request.user, member=member, **arguments)
        except ValidationError as error:
            raise state_refused(error) from error
    return one(request, shown(User.objects.filter(pk=member.pk).first() or member))


def no_owner(*roles: str | None) -> None:
    """Raises Refused (403) for changes for which the pages ask the password: a stolen token must not do them."""
    if Role.OWNER in roles:
        words = _("Owners are managed on the organisation's pages, which ask for the password.")
        raise Refused(403, words, code="password_needed")

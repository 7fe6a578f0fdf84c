"""People: the directory, a person, and their photo."""

from datetime import date, datetime
from enum import IntEnum, StrEnum
from typing import Annotated

from django.http import Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.urls import reverse
from ninja import Query, Router
from pydantic import Field

from profiles import roles
from profiles.access import profile_to_see
from profiles.api.answers import Paged, Representation, Sparse, absolute, one, page, page_of
from profiles.api.requests import ApiRequest
from profiles.api.scoped import needs
from profiles.api.showing import shows
from profiles.models import Profile, User
from profiles.people import shown
from profiles.people.lists import PeopleFilter
from profiles.pictures.views import photo as stored_photo
from profiles.roles import Role

router = Router(tags=["People"])


class Person(Representation):
    """A member, as others see them. What the token's member may not see is null."""

    key = "username"

    username: str
    name: str = Field("", description="First and last name, or else the username.")
    first_name: str = ""
    last_name: str = ""
    role: Role = Role.READER
    is_active: bool = True
    email: str | None = None
    phone: str | None = Field(None, description="In E.164 format, as +4930901820.")
    bio: str = ""
    location: str = ""
    pronouns: str = ""
    time_zone: str = ""
    birth_date: date | None = Field(None, description="For the person, owners and admins.")
    birthday: str | None = Field(None, description="Month and day, for everyone: 03-14.")
    photo: str | None = Field(None, description="Its address. It takes the same token.")
    updated: datetime | None = None


def shown_to(viewer: User, profile: Profile) -> Person:
    """Show a person by the rules of their page."""
    user, seen = profile.user, shown.shown_to(viewer, profile)
    return Person(
        **{name: getattr(user, name) for name in ("username", "name", "first_name", "last_name", "role", "is_active")},
        **{name: getattr(profile, name) for name in ("bio", "time_zone", "updated")},
        location=seen.location,
        pronouns=seen.pronouns,
        email=(user.email or None) if roles.sees_contact(viewer, profile) else None,
        phone=str(seen.phone.as_e164) if seen.phone else None,
        birth_date=seen.birth_date,
        birthday=f"{seen.birthday:%m-%d}" if seen.birthday else None,
        photo=absolute(reverse("api-v1:photo", args=[user.username])) if profile.photo_key else None,
    )


def as_managers_see(profile: Profile) -> Person:
    """What any owner may see, except the member themselves."""
    return shown_to(User(role=Role.OWNER), profile)


shows(Profile, "person", as_managers_see)


class Sort(StrEnum):
    """The orders of the page's table."""

    NAME = "name"
    NAME_DOWNWARDS = "-name"
    ROLE = "role"
    ROLE_DOWNWARDS = "-role"
    JOINED = "joined"
    JOINED_DOWNWARDS = "-joined"


class PeopleAsked(Paged):
    role: Role | None = None
    sort: Sort = Sort.NAME
    q: str = Field("", max_length=200, description="Words with which names, usernames or email addresses begin.")


@router.get("/people", **needs("people:read", for_assistants=True), response=page_of(Person), url_name="people")
def list_people(request: ApiRequest, asked: Query[PeopleAsked]) -> HttpResponse:
    """All members that the token's member may see. Only owners and admins see deactivated ones."""
    rights = {"by_email": roles.sees_contacts(request.user), "as_manager": roles.manages_members(request.user)}
    found = User.objects.visible_to(request.user).search(asked.q, **rights)
    whole = PeopleFilter({"role": asked.role or "", "sort": asked.sort}).narrow(found)
    return page(request, whole, asked, Person, lambda member: shown_to(request.user, member.profile))


@router.get(
    "/people/{username:username}", **needs("people:read", for_assistants=True), response=Person, url_name="person"
)
def get_person(request: ApiRequest, username: str, asked: Query[Sparse]) -> HttpResponse:
    """One member. Deactivated ones are found by owners and admins only."""
    fields = asked.names(Person)
    return one(request, shown_to(request.user, profile_to_see(request, username)), fields=fields)


class PhotoSize(IntEnum):
    SMALL = 64
    MEDIUM = 256
    LARGE = 512


@router.get("/people/{username:username}/photo", **needs("people:read"), url_name="photo")
def get_photo(
    request: ApiRequest,
    username: str,
    size: Annotated[PhotoSize, Query(description="Width and height in pixels.")] = PhotoSize.MEDIUM,
) -> HttpResponseBase:
    """A member's photo, a square WebP picture. 404 for a member who has none."""
    key = profile_to_see(request, username).photo_key
    if key is None:
        raise Http404
    return stored_photo(request, key=key, size=int(size))

"""The token's member, and their own profile and photo."""

from datetime import date, datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.http import HttpResponse
from ninja import File, Query, Router
from ninja.files import UploadedFile
from pydantic import Field

from profiles.access import profile_to_edit
from profiles.api.answers import Input, Representation, Sparse, nothing, one, unless_changed
from profiles.api.problems import form_refused, state_refused, values_refused
from profiles.api.requests import ApiRequest
from profiles.api.resources.people import Person, shown_to
from profiles.api.scoped import needs
from profiles.models import Profile
from profiles.people.forms import ProfileForm
from profiles.pictures.keeping import remove_photo, set_photo
from tenants.limits.requests import count
from tenants.storage import FULL

router = Router(tags=["Me"])


class TokenShown(Representation):
    """The token that was sent."""

    key = "name"

    name: str
    scopes: list[str] = []
    expires: datetime | None = None
    is_service: bool = False


class Me(Representation):
    """Who acts, and with which token."""

    key = "person"

    person: Person
    token: TokenShown


class ProfileChange(Input):
    """What is left out stays."""

    first_name: str = Field(default_factory=str, max_length=150)
    last_name: str = Field(default_factory=str, max_length=150)
    bio: str = Field(default_factory=str, max_length=2000)
    location: str = Field(default_factory=str, max_length=100)
    pronouns: str = Field(default_factory=str, max_length=40)
    time_zone: str = Field(default_factory=str, max_length=64, description="As Europe/Berlin.")
    birth_date: date | None = None
    phone: str = Field(default_factory=str, max_length=40, description="With country code, or empty.")


@router.get("/me", **needs(""), response=Me, url_name="me")
def get_me(request: ApiRequest) -> HttpResponse:
    """The member that the token acts for, and what the token may do. Every token may ask this."""
    token = request.token
    shown = TokenShown(name=token.name, scopes=token.scopes, expires=token.expires, is_service=token.is_service)
    return one(request, Me(person=shown_to(request.user, own(request)), token=shown))


@router.patch("/me/profile", **needs("profile:write", versioned=True), response=Person, url_name="my_profile")
def change_my_profile(request: ApiRequest, change: ProfileChange, asked: Query[Sparse]) -> HttpResponse:
    """Change what is sent, and leave the rest."""
    fields, profile = asked.names(Person), own(request)
    with unless_changed(request, request.user, lambda: shown_to(request.user, own(request))):
        form = changed(profile, change.model_dump(exclude_unset=True))
        if not form.is_valid() or not form.keep():
            raise form_refused(form)
    return one(request, shown_to(request.user, own(request)), fields=fields)


def changed(profile: Profile, changes: dict[str, Any]) -> ProfileForm:
    """The page's form with these changes. Required fields that are not sent may be empty."""
    shown = ProfileForm(instance=profile)
    values = {name: shown[name].value() for name in shown.fields if name != "photo"} | changes
    form = ProfileForm({name: "" if value is None else str(value) for name, value in values.items()}, instance=profile)
    for name in form.fields.keys() - changes.keys():
        form.fields[name].required = False
    return form


@router.post("/me/photo", **needs("profile:write"), response=Person, url_name="my_photo")
def set_my_photo(request: ApiRequest, photo: File[UploadedFile]) -> HttpResponse:
    """Upload a JPEG, PNG, WebP or GIF picture. It is cropped to a square."""
    count(request, "upload", account=str(request.user.pk))
    try:
        set_photo(profile=own(request), upload=photo)
    except ValidationError as error:
        is_full = getattr(error, "code", "") == FULL
        raise (state_refused(error) if is_full else values_refused(error, field="photo")) from error
    return one(request, shown_to(request.user, own(request)))


@router.delete("/me/photo", **needs("profile:write"), response={204: None}, url_name="my_photo")
def delete_my_photo(request: ApiRequest) -> HttpResponse:
    """Remove the photo."""
    remove_photo(profile=own(request))
    return nothing()


def own(request: ApiRequest) -> Profile:
    """The member's own profile, as it is now."""
    return profile_to_edit(request, request.user.username)

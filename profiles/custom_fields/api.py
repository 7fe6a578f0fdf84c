"""The organisation's profile fields by the API: their definitions, and each member's values."""

from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from ninja import Query, Router
from pydantic import Field

from profiles.access import profile_to_see
from profiles.api.answers import Input, Paged, Representation, Sparse, one, page, page_of, unless_changed
from profiles.api.problems import values_refused
from profiles.api.requests import ApiRequest
from profiles.api.scoped import needs
from profiles.api.scopes import resource
from profiles.custom_fields.changes import fill_in, tell
from profiles.custom_fields.models import Editor, Kind, Values
from profiles.custom_fields.models import Field as CustomField
from profiles.custom_fields.rights import sees_value
from profiles.custom_fields.shown import named
from profiles.models import Profile, User
from profiles.roles import Audience, manages_members

router = Router(tags=["Profile fields"])
resource("fields", gettext_lazy("Profile fields"))


class FieldShown(Representation):
    """A field that the organisation has added to its members' profiles."""

    key = "name"

    name: str = Field(description="What it is called in values. It never changes.")
    label: str = ""
    kind: Kind = Kind.TEXT
    options: list[str] = []
    help: str = ""
    is_required: bool = False
    edited_by: Editor = Editor.MEMBER
    seen_by: Audience = Audience.EVERYONE


class FieldValues(Representation):
    """What a member has in these fields, as far as the token's member may see it. A person is given by username."""

    key = "username"

    username: str
    values: dict[str, Any] = {}


class ValuesTyped(Input):
    values: dict[str, str | float | list[str] | None] = Field(
        max_length=50, description="By the names of fields. What is left out stays; null empties a field."
    )


def field_shown(field: CustomField) -> FieldShown:
    named = ("label", "kind", "options", "help", "is_required", "edited_by", "seen_by")
    return FieldShown(name=field.key, **{name: getattr(field, name) for name in named})


def values_shown(viewer: User, profile: Profile) -> FieldValues:
    row = Values.objects.filter(pk=profile.pk).first()
    stored = row.values if row else {}
    fields = [field for field in CustomField.objects.in_use() if field.key in stored]
    seen = {field: stored[field.key] for field in fields if sees_value(viewer, field, profile.user_id)}
    people = named(viewer, [value for field, value in seen.items() if field.kind == Kind.PERSON])
    values = {field.key: plain(field, value, people) for field, value in seen.items()}
    return FieldValues(username=profile.user.username, values=values)


def plain(field: CustomField, value: Any, people: dict[int, User]) -> Any:
    """A stored value as JSON; None for a person the viewer cannot see."""
    if field.kind != Kind.PERSON:
        return value
    return people[value].username if value in people else None


@router.get("/fields", **needs("fields:read"), response=page_of(FieldShown), url_name="fields")
def list_fields(request: ApiRequest, asked: Query[Paged]) -> HttpResponse:
    """The fields, in the order of the profile. Members do not see those of owners and admins."""
    seen = [Audience.EVERYONE, Audience.SELF, *([Audience.MANAGERS] if manages_members(request.user) else [])]
    return page(request, CustomField.objects.in_use().filter(seen_by__in=seen), asked, FieldShown, field_shown)


@router.get("/people/{username:username}/fields", **needs("fields:read"), response=FieldValues, url_name="field_values")
def get_field_values(request: ApiRequest, username: str, asked: Query[Sparse]) -> HttpResponse:
    """A member's values of the organisation's fields."""
    fields = asked.names(FieldValues)
    return one(request, values_shown(request.user, profile_to_see(request, username)), fields=fields)


@router.patch(
    "/people/{username:username}/fields",
    **needs("fields:write", versioned=True),
    response=FieldValues,
    url_name="field_values",
)
def change_field_values(request: ApiRequest, username: str, typed: ValuesTyped) -> HttpResponse:
    """Set values: members set their own, owners and admins set those that they fill in for members."""
    profile = profile_to_see(request, username)
    with unless_changed(request, profile.user, lambda: values_shown(request.user, profile)):
        keep(request.user, profile, typed.values)
    return one(request, values_shown(request.user, profile))


# The JSON type of a value, by the type of its field. All other types are strings.
TYPES: dict[str, tuple[type, ...]] = {Kind.CHOICES: (list,), Kind.NUMBER: (float, str)}


def check_types(values: dict[str, Any]) -> None:
    """Raises Refused for an unknown field, and for a value of the wrong type."""
    kinds = dict(CustomField.objects.in_use().values_list("key", "kind"))
    errors: dict[str, Any] = {name: _("There is no such field.") for name in values.keys() - kinds.keys()}
    for name in values.keys() & kinds.keys():
        if values[name] is not None and not isinstance(values[name], TYPES.get(kinds[name], (str,))):
            errors[name] = _("A value of this field has another type.")
    if errors:
        raise values_refused(ValidationError(errors))


@transaction.atomic
def keep(actor: User, profile: Profile, values: dict[str, Any]) -> None:
    """Raises Refused (422) for an unknown field or an invalid value, and PermissionDenied."""
    check_types(values)
    try:
        changed = fill_in(actor=actor, profile=profile, values=values)
    except ValidationError as error:
        raise values_refused(error) from error
    tell(actor, profile, changed)

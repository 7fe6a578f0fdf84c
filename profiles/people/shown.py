"""A profile as a viewer sees it. Pages, the API and the admin read fields that can be hidden through this module."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from profiles import roles
from profiles.models import Profile
from profiles.models.profile import HIDEABLE

EMPTY = {"location": "", "pronouns": "", "birth_date": None, "phone": ""}


@dataclass(frozen=True)
class Shown:
    """The fields that the viewer may see; the others are empty."""

    location: str
    pronouns: str
    phone: Any
    birth_date: date | None
    # The date, for viewers who may see only its day and month.
    birthday: date | None


def sees(viewer: roles.Member, profile: Profile, field: str) -> bool:
    """Whether the viewer may see any part of this field (HIDEABLE) of a profile."""
    if not roles.belongs_to(viewer, profile.audience(field), profile.user_id):
        return False
    return field != "phone" or roles.sees_contact(viewer, profile)


def shown_to(viewer: roles.Member, profile: Profile) -> Shown:
    seen: dict[str, Any] = {
        name: getattr(profile, name) if sees(viewer, profile, name) else EMPTY[name] for name in HIDEABLE
    }
    birthday = seen["birth_date"]
    return Shown(
        **seen | {"birth_date": birthday if roles.sees_birth_date(viewer, profile) else None}, birthday=birthday
    )


def hide(viewer: roles.Member, profile: Profile) -> Profile:
    """Clear the fields that the viewer may not see, for code that reads the model itself. Do not save it."""
    for name in HIDEABLE:
        if not sees(viewer, profile, name):
            setattr(profile, name, EMPTY[name])
    return profile

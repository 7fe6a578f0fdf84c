"""A profile as one viewer sees it. Pages, the API and Django's admin take the fields that can be hidden from here."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from profiles import roles
from profiles.models import Profile
from profiles.models.profile import HIDEABLE

EMPTY = {"location": "", "pronouns": "", "birth_date": None, "phone": ""}


@dataclass(frozen=True)
class Shown:
    """What the viewer may see; the rest is empty."""

    location: str
    pronouns: str
    phone: Any
    birth_date: date | None
    # The same date, for those who may see day and month of it.
    birthday: date | None


def sees(viewer: roles.Member, profile: Profile, field: str) -> bool:
    """May the viewer see anything of this field (HIDEABLE) of a profile?"""
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
    """The profile without what the viewer may not see, for code that reads the model itself. It must not be saved."""
    for name in HIDEABLE:
        if not sees(viewer, profile, name):
            setattr(profile, name, EMPTY[name])
    return profile

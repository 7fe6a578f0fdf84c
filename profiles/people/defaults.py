"""What a new profile starts with: the one place to change it (or name another function in PROFILE_DEFAULTS)."""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from profiles.models import User


def new_profile(user: "User") -> dict[str, Any]:  # noqa: ARG001  for functions that want to look at the person
    """Field values for the profile of a new user: none, as nobody has stated any."""
    return {}

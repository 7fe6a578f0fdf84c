"""The values of a new profile. To change them, edit this function or name another one in PROFILE_DEFAULTS."""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from profiles.models import User


def new_profile(user: "User") -> dict[str, Any]:  # noqa: ARG001  for functions that use the user
    """Field values for the profile of a new user: none, as they are not known."""
    return {}

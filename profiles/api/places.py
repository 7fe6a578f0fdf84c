"""The paths for requests with a token: /api/, and those that apps add."""

from collections.abc import Callable
from dataclasses import dataclass

from django.conf import settings

from profiles.api.problems import PROBLEM, Refused, body


def api_rate() -> tuple[int, int]:
    return settings.API_RATE


@dataclass(frozen=True)
class Place:
    """What is particular to the paths that begin alike."""

    # Content types of responses that describe errors themselves. All other errors are written by `written`.
    types: tuple[str, ...] = (PROBLEM,)
    written: Callable[[Refused], bytes] = body
    content_type: str = PROBLEM
    # Tokens with this scope are valid here and nowhere else, and no others are valid here.
    scope: str = ""
    # How many requests a token may send, and within how many seconds.
    rate: Callable[[], tuple[int, int]] = api_rate
    # The kind of actor that the activity log names; "" for the token's member.
    actor: str = ""


PLACES: dict[str, Place] = {"/api/": Place()}


def place_of(path: str) -> Place | None:
    return next((place for beginning, place in PLACES.items() if path.startswith(beginning)), None)


def takes_tokens(path: str) -> bool:
    return place_of(path) is not None


def says_itself(path: str, content_type: str) -> bool:
    place = place_of(path)
    return place is not None and content_type in place.types


def apart() -> set[str]:
    """The scopes of tokens that are valid in one place only."""
    return {place.scope for place in PLACES.values() if place.scope}


def is_valid_at(path: str, scope: str) -> bool:
    """Is a token with this scope valid for this path?"""
    place = place_of(path)
    wanted = place.scope if place else ""
    return scope == wanted if wanted else scope not in apart()

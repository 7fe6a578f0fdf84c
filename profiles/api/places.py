"""The paths for requests with a token: /api/, and those that apps add."""

from profiles.api.problems import PROBLEM

# With the content types of responses that describe errors themselves. Other errors become problems.
PLACES: dict[str, tuple[str, ...]] = {"/api/": (PROBLEM,)}


def takes_tokens(path: str) -> bool:
    return path.startswith(tuple(PLACES))


def says_itself(path: str, content_type: str) -> bool:
    return any(path.startswith(place) and content_type in types for place, types in PLACES.items())

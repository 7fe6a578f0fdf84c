"""Below which paths requests come with a token: /api/, and what an app adds."""

from profiles.api.problems import PROBLEM

# With the types of answers that say what went wrong themselves. Errors of other parts of the product become problems.
PLACES: dict[str, tuple[str, ...]] = {"/api/": (PROBLEM,)}


def takes_tokens(path: str) -> bool:
    return path.startswith(tuple(PLACES))


def says_itself(path: str, content_type: str) -> bool:
    return any(path.startswith(place) and content_type in types for place, types in PLACES.items())

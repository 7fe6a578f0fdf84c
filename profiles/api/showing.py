"""How objects look to those who manage the organisation: for what is sent to them without being asked for.

A resource names its model: `shows(Note, "note", shown)`.
"""

from collections.abc import Callable
from typing import Any

from django.db.models import Model

from profiles.api.answers import Representation

_shown: dict[type[Model], tuple[str, Callable[[Any], Representation]]] = {}


def shows(model: type[Model], name: str, shown: Callable[[Any], Representation]) -> None:
    """Have objects of this model shown under this name, as owners and admins see them."""
    _shown[model] = (name, shown)


def shown(thing: Model) -> tuple[str, dict[str, Any]] | None:
    """The name of what it is, and its representation. None for what has no resource."""
    name, function = _shown.get(type(thing), ("", None))
    return (name, function(thing).body()) if function else None

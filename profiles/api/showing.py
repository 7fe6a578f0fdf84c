"""Representations of objects for those who manage the organisation, for messages such as webhooks.

A resource names its model: `shows(Note, "note", shown)`.
"""

from collections.abc import Callable
from typing import Any

from django.db.models import Model

from profiles.api.answers import Representation, body_of

_shown: dict[type[Model], tuple[str, Callable[[Any], Representation]]] = {}


def shows(model: type[Model], name: str, shown: Callable[[Any], Representation]) -> None:
    """Register the representation of a model under a name, as owners and admins see it."""
    _shown[model] = (name, shown)


def shown(thing: Model) -> tuple[str, dict[str, Any]] | None:
    """The object's name and representation; None if its model has none."""
    name, function = _shown.get(type(thing), ("", None))
    return (name, body_of(function(thing))) if function else None

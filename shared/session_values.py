"""What a session keeps from one request for a later one: session_value()."""

from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest

NUMBER = (int, float)  # such as a time


def session_value(request: HttpRequest, key: str, shape: Mapping[str, Any]) -> dict[str, Any] | None:
    """The dict under this key, or None without one. `shape` has the type of each value that the caller needs.

    Another release, which may run beside this one, can have kept it in another shape: then it is None as well.
    """
    value = request.session.get(key)
    is_alike = isinstance(value, dict) and all(isinstance(value.get(name), kind) for name, kind in shape.items())
    return value if is_alike else None

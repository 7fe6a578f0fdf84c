"""The card that leads from the organisation's settings to those of its API."""

from typing import Any


def context(_page: Any) -> dict[str, Any]:
    return {}

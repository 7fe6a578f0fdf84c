"""The welcome text's place on the home page."""

from typing import Any

from profiles.welcome.models import Welcome


def context(_page: Any) -> dict[str, Any]:
    return {"welcome": Welcome.load()}

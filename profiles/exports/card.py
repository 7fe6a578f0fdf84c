"""The export's place on the page of settings."""

from typing import Any

from profiles.exports.rights import exports_organisation


def context(page: Any) -> dict[str, Any] | None:
    return {} if exports_organisation(page["request"].user) else None

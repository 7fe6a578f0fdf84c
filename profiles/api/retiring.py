"""Deprecated versions and operations: responses state since when they are deprecated and until when they work.

The setting API_RETIRING names them by the beginning of their paths:

    {"/api/v1/": (date(2028, 1, 1), date(2029, 1, 1), "https://docs.example.com/api/v2")}
"""

from datetime import UTC, date, datetime, time

from django.conf import settings
from django.utils.http import http_date


def headers_for(path: str) -> dict[str, str]:
    """Deprecation (RFC 9745), Sunset (RFC 8594) and a link to the replacement; nothing for others."""
    if (found := retiring(path)) is None:
        return {}
    since, until, instead = found
    return {
        "Deprecation": f"@{seconds(since)}",
        "Sunset": http_date(seconds(until)),
        "Link": f'<{instead}>; rel="deprecation"; type="text/html"',
    }


def retiring(path: str) -> tuple[date, date, str] | None:
    """The longest matching path counts, so that an operation may end before its version."""
    found = [beginning for beginning in settings.API_RETIRING if path.startswith(beginning)]
    return settings.API_RETIRING[max(found, key=len)] if found else None


def seconds(day: date) -> int:
    return int(datetime.combine(day, time.min, UTC).timestamp())

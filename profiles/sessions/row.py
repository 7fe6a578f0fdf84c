"""The number of sessions, on the overview “Sign-in and security”."""

from typing import Any

from profiles.sessions.listing import open_sessions


def context(page: Any) -> dict[str, Any]:
    return {"number": max(1, len(open_sessions(page["request"])))}

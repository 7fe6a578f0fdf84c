"""Who writes the welcome text."""

from profiles.roles import WRITERS, Member


def edits_welcome(user: Member) -> bool:
    return user.is_active and user.role in WRITERS

"""Keeps the profile of each member who is removed, and nothing of one who leaves."""

from typing import Any

from django.dispatch import receiver

from profiles.returning.changes import forget_earlier, keep
from tenants.events import Event, happened


@receiver(happened)
def keep_profile(event: Event, **_kwargs: Any) -> None:
    if event.kind == "member.removed":
        keep(event.objects[0])  # type: ignore[arg-type]  # a member
    elif event.kind == "member.left":
        forget_earlier(event.objects[0])  # type: ignore[arg-type]  # a member

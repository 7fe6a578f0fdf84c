"""Keeps the profile of each member who is removed."""

from typing import Any

from django.dispatch import receiver

from profiles.returning.changes import keep
from tenants.events import Event, happened


@receiver(happened)
def keep_profile(event: Event, **_kwargs: Any) -> None:
    if event.kind == "member.removed":
        keep(event.objects[0])  # type: ignore[arg-type]  # a member

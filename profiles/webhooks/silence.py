"""Whether an organisation has no active endpoint: asked once in a request, and not for each event of a bulk action."""

from itertools import count
from time import monotonic
from typing import Any

from django.db.models.signals import post_save
from django.dispatch import receiver

from profiles.webhooks.models import Endpoint
from tenants.context import required

KEY = "_has_no_webhook"
# A job that changes many rows hears of a new endpoint after so long, in seconds. A request has a Tenant of its own.
SECONDS = 1
_numbers = count()
_version = next(_numbers)


@receiver(post_save, sender=Endpoint)
def forget(**_kwargs: Any) -> None:
    """An endpoint was made, or switched on, in this process."""
    global _version  # noqa: PLW0603  one for each process
    _version = next(_numbers)


def is_silent() -> bool:
    version, until = getattr(required(), KEY, (None, 0.0))
    return version == _version and monotonic() < until


def note() -> None:
    """Of the current organisation, from the row in use: it ends with the request."""
    setattr(required(), KEY, (_version, monotonic() + SECONDS))

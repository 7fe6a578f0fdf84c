"""Webhooks of an imported organisation."""

from profiles.webhooks.models import Endpoint


def switch_off() -> None:
    """Off until an owner or admin switches them on: the original organisation may still be running."""
    Endpoint.objects.update(is_active=False)

"""Webhooks of an organisation that comes from a file."""

from profiles.webhooks.models import Endpoint


def switch_off() -> None:
    """Off until an owner or admin looks at them: the organisation may still run where the file is from."""
    Endpoint.objects.update(is_active=False)

"""What discovery says of the organisation's provider, kept for a day."""

from datetime import timedelta
from typing import Any

from django.utils import timezone

from profiles.oidc import discovery
from profiles.own_sign_in.calls import caller
from profiles.own_sign_in.models import Provider

KEPT = timedelta(days=1)


def discover(issuer: str) -> dict[str, Any]:
    """Raises ValidationError, with a sentence, for an issuer that is not an OpenID Connect provider."""
    return discovery.discover(caller(), issuer)


def refresh(provider: Provider) -> None:
    """Once a day, at a sign-in. Raises ValidationError."""
    if provider.discovered > timezone.now() - KEPT:
        return
    provider.metadata, provider.discovered = discover(provider.issuer), timezone.now()
    same = Provider.objects.filter(pk=provider.pk, version=provider.version)
    same.update(metadata=provider.metadata, discovered=provider.discovered)

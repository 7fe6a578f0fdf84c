"""What discovery says of the organisation's provider: read when an owner enters it, and by a job each night."""

from typing import Any

from django.utils import timezone

from profiles.oidc import discovery
from profiles.own_sign_in.calls import caller
from profiles.own_sign_in.models import Provider


def discover(issuer: str) -> dict[str, Any]:
    """Raises ValidationError, with a sentence, for an issuer that is not an OpenID Connect provider."""
    return discovery.discover(caller(), issuer)


def refresh(provider: Provider) -> None:
    """Read all of it again. Raises ValidationError; what was read last stays in use."""
    keep(provider, discover(provider.issuer))


def refresh_keys(provider: Provider) -> list[dict[str, Any]]:
    """Read the keys again during a sign-in whose token names a key that is not known. Raises ValidationError."""
    keys = discovery.keys_at(caller(), provider.metadata["jwks_uri"])
    keep(provider, provider.metadata | {"keys": keys})
    return keys


def keep(provider: Provider, metadata: dict[str, Any]) -> None:
    """Store it, unless an owner has changed the provider meanwhile."""
    provider.metadata, provider.discovered = metadata, timezone.now()
    same = Provider.objects.filter(pk=provider.pk, version=provider.version, issuer=provider.issuer)
    same.update(metadata=metadata, discovered=provider.discovered)

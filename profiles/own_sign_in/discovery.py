"""Where a provider has what, and the keys with which it signs: read when an owner enters it, and by a job each night.

https://openid.net/specs/openid-connect-discovery-1_0.html
"""

from typing import Any

from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _

from profiles.own_sign_in import calls
from profiles.own_sign_in.models import Provider

PATH = "/.well-known/openid-configuration"
NEEDED = ("authorization_endpoint", "token_endpoint", "jwks_uri")
# What is kept of a key: not its certificates. https://www.rfc-editor.org/rfc/rfc7518#section-6
PARTS = ("kty", "kid", "use", "alg", "n", "e", "crv", "x", "y")


def discover(issuer: str) -> dict[str, Any]:
    """Two calls. Raises ValidationError, with a sentence, for an issuer that is not an OpenID Connect provider."""
    said = calls.get(issuer.rstrip("/") + PATH)
    if said.get("issuer") != issuer:
        raise ValidationError(_("The provider calls itself by another issuer. Enter the one that it gives."), "issuer")
    found = {name: said.get(name) for name in NEEDED}
    if userinfo := said.get("userinfo_endpoint"):
        found["userinfo_endpoint"] = userinfo
    for url in found.values():
        if not isinstance(url, str) or len(url) > 1000:
            raise ValidationError(_("This is not the address of an OpenID Connect provider."), "metadata")
        calls.checked(url)
    methods = said.get("token_endpoint_auth_methods_supported", ["client_secret_basic"])
    # Providers read special characters of a secret in different ways, except in a form.
    found["by_post"] = "client_secret_post" in methods
    return found | {"keys": keys_at(str(found["jwks_uri"]))}


def keys_at(url: str) -> list[dict[str, Any]]:
    """The public keys there. Raises ValidationError."""
    listed = calls.get(url).get("keys")
    if not isinstance(listed, list) or not all(isinstance(key, dict) for key in listed):
        raise ValidationError(_("This is not the address of an OpenID Connect provider."), "keys")
    return [{name: key[name] for name in PARTS if name in key} for key in listed]


def refresh(provider: Provider) -> None:
    """Read all of it again. Raises ValidationError, and what was read last counts on."""
    keep(provider, discover(provider.issuer))


def refresh_keys(provider: Provider) -> None:
    """Read the keys again, in a sign-in: one is named that was not there at night. Raises ValidationError."""
    keep(provider, provider.metadata | {"keys": keys_at(provider.metadata["jwks_uri"])})


def keep(provider: Provider, metadata: dict[str, Any]) -> None:
    """Not if an owner has changed the provider meanwhile."""
    provider.metadata, provider.discovered = metadata, timezone.now()
    same = Provider.objects.filter(pk=provider.pk, version=provider.version, issuer=provider.issuer)
    same.update(metadata=metadata, discovered=provider.discovered)

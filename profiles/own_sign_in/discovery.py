"""Where a provider has what: read from its discovery document, kept for a day.

https://openid.net/specs/openid-connect-discovery-1_0.html
"""

from datetime import timedelta
from typing import Any

from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _

from profiles.own_sign_in import calls
from profiles.own_sign_in.models import Provider

PATH = "/.well-known/openid-configuration"
NEEDED = ("authorization_endpoint", "token_endpoint", "jwks_uri")
KEPT = timedelta(days=1)


def discover(issuer: str) -> dict[str, Any]:
    """Raises ValidationError, with a sentence, for an issuer that is not an OpenID Connect provider."""
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
    return found


def refresh(provider: Provider) -> None:
    """Once a day, at a sign-in. Raises ValidationError."""
    if provider.discovered > timezone.now() - KEPT:
        return
    provider.metadata, provider.discovered = discover(provider.issuer), timezone.now()
    same = Provider.objects.filter(pk=provider.pk, version=provider.version)
    same.update(metadata=provider.metadata, discovered=provider.discovered)

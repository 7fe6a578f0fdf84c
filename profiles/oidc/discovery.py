"""Where a provider has what, and the keys with which it signs, read from its discovery document.

https://openid.net/specs/openid-connect-discovery-1_0.html
"""

from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from profiles.oidc.calls import Caller

PATH = "/.well-known/openid-configuration"
NEEDED = ("authorization_endpoint", "token_endpoint", "jwks_uri")
# What is kept of a key: not its certificates. https://www.rfc-editor.org/rfc/rfc7518#section-6
PARTS = ("kty", "kid", "use", "alg", "n", "e", "crv", "x", "y")


def discover(caller: Caller, issuer: str, *, called: str = "") -> dict[str, Any]:
    """Two calls. `called` is the issuer that the document names, if it is another one than where the document is.

    Raises ValidationError, with a sentence, for an issuer that is not an OpenID Connect provider.
    """
    said = caller.get(issuer.rstrip("/") + PATH)
    if said.get("issuer") != (called or issuer):
        raise ValidationError(_("The provider calls itself by another issuer. Enter the one that it gives."), "issuer")
    found = {name: said.get(name) for name in NEEDED}
    if userinfo := said.get("userinfo_endpoint"):
        found["userinfo_endpoint"] = userinfo
    for url in found.values():
        if not isinstance(url, str) or len(url) > 1000:
            raise ValidationError(_("This is not the address of an OpenID Connect provider."), "metadata")
        caller.checked(url)
    methods = said.get("token_endpoint_auth_methods_supported", ["client_secret_basic"])
    # Providers read special characters of a secret in different ways, except in a form.
    found["by_post"] = "client_secret_post" in methods
    return found | {"keys": keys_at(caller, str(found["jwks_uri"]))}


def keys_at(caller: Caller, url: str) -> list[dict[str, Any]]:
    """The public keys there. Raises ValidationError."""
    listed = caller.get(url).get("keys")
    if not isinstance(listed, list) or not all(isinstance(key, dict) for key in listed):
        raise ValidationError(_("This is not the address of an OpenID Connect provider."), "keys")
    return [{name: key[name] for name in PARTS if name in key} for key in listed]

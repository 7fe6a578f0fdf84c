"""The code that a browser brings back, exchanged for an ID token, and what is checked of that.

https://openid.net/specs/openid-connect-core-1_0.html#IDTokenValidation
"""

from base64 import b64encode
from typing import Any
from urllib.parse import quote

import jwt
from django.core.exceptions import ValidationError
from django.utils.crypto import constant_time_compare
from django.utils.translation import gettext as _

from profiles.oidc.client import Client

# Signatures that a public key checks: not "none", nor those for which the public key would be the secret.
ALGORITHMS = ["RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA"]
LEEWAY = 60  # seconds, by which clocks may differ
LONGEST = 255


def claims_for(client: Client, *, code: str, verifier: str, nonce: str, callback: str) -> dict[str, Any]:
    """What the provider says of the person. Raises ValidationError, with a sentence."""
    answer = exchanged(client, code=code, verifier=verifier, callback=callback)
    claims = checked(client, str(answer.get("id_token", "")), nonce=nonce)
    if "email" not in claims and "userinfo_endpoint" in client.metadata:
        claims = more(client, claims, str(answer.get("access_token", "")))
    return claims


def exchanged(client: Client, *, code: str, verifier: str, callback: str) -> dict[str, Any]:
    values = {
        "grant_type": "authorization_code",
        "code": code,
        "redirect_uri": callback,
        "code_verifier": verifier,
    }
    headers: dict[str, str] = {}
    if client.metadata["by_post"]:
        values |= {"client_id": client.client_id, "client_secret": client.secret}
    else:
        pair = f"{quote(client.client_id, safe='')}:{quote(client.secret, safe='')}"
        headers["Authorization"] = f"Basic {b64encode(pair.encode()).decode()}"
    return client.caller.post(client.metadata["token_endpoint"], values, **headers)


def checked(client: Client, token: str, *, nonce: str) -> dict[str, Any]:
    """The claims of an ID token that this provider signed, for this client and this sign-in. Raises ValidationError."""
    try:
        key = key_of(client, token)
        claims: dict[str, Any] = jwt.decode(
            token,
            key,
            algorithms=ALGORITHMS,
            audience=client.client_id,
            leeway=LEEWAY,
            options={"require": ["iss", "sub", "aud", "exp", "iat"]},
        )
        if claims["iss"] != client.expected_issuer(claims):
            raise jwt.InvalidIssuerError("This is not the issuer.")
    except (jwt.PyJWTError, ValueError, TypeError, NotImplementedError) as error:
        raise ValidationError(reason(error), code="token") from error
    if not constant_time_compare(ascii(claims.get("nonce")), ascii(nonce)):  # JSON can hold what is no Unicode.
        raise ValidationError(_("The provider's answer belongs to another sign-in."), code="nonce")
    is_shared = isinstance(claims["aud"], list) and len(claims["aud"]) > 1
    if claims.get("azp", None if is_shared else client.client_id) != client.client_id:
        raise ValidationError(_("The provider's answer is for another client."), code="audience")
    if not 0 < len(claims["sub"]) <= LONGEST or not claims["sub"].isprintable():
        raise ValidationError(_("The provider's answer cannot be read."), code="subject")
    return claims


def key_of(client: Client, token: str) -> jwt.PyJWK:
    """The provider's key with the name that the token gives, or its only one. Raises PyJWTError and ValidationError.

    A name that is not known is a new key's, and without names no one can tell: then the keys are read again.
    """
    name, listed = jwt.get_unverified_header(token).get("kid"), client.metadata.get("keys", [])
    if name not in {key.get("kid", "") for key in listed}:
        listed = client.new_keys()
    keys = [key for key in jwt.PyJWKSet.from_dict({"keys": listed}).keys if key.public_key_use in (None, "sig")]
    found = [key for key in keys if key.key_id == name] if name else keys
    if len(found) != 1:
        raise jwt.InvalidKeyError("There is no such key.")
    return found[0]


def reason(error: Exception) -> str:
    if isinstance(error, jwt.ExpiredSignatureError | jwt.ImmatureSignatureError):
        return _("The provider's answer has expired, or its clock is wrong.")
    if isinstance(error, jwt.InvalidAudienceError):
        return _("The provider's answer is for another client.")
    if isinstance(error, jwt.InvalidIssuerError):
        return _("The answer comes from another provider.")
    if isinstance(error, jwt.InvalidSignatureError | jwt.InvalidAlgorithmError | jwt.InvalidKeyError):
        return _("The answer is not signed by the provider.")
    return _("The provider's answer cannot be read.")


def more(client: Client, claims: dict[str, Any], access_token: str) -> dict[str, Any]:
    """With what the provider says elsewhere: many leave names and addresses out of the token."""
    if not (access_token.isascii() and access_token.isprintable()):
        raise ValidationError(_("The provider's answer cannot be read."), code="access_token")
    found = client.caller.get(client.metadata["userinfo_endpoint"], Authorization=f"Bearer {access_token}")
    if found.get("sub") != claims["sub"]:
        raise ValidationError(_("The provider's answer belongs to another sign-in."), code="subject")
    return found | claims

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

from profiles.own_sign_in import calls
from profiles.own_sign_in.discovery import refresh_keys
from profiles.own_sign_in.models import Provider
from shared.encryption import UnreadableSecret, decrypt

# Signatures that a public key checks: not "none", nor those for which the public key would be the secret.
ALGORITHMS = ["RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA"]
LEEWAY = 60  # seconds, by which clocks may differ
LONGEST = 255


def claims_for(provider: Provider, *, code: str, verifier: str, nonce: str, callback: str) -> dict[str, Any]:
    """What the provider says of the person. Raises ValidationError, with a sentence."""
    answer = exchanged(provider, code=code, verifier=verifier, callback=callback)
    claims = checked(provider, str(answer.get("id_token", "")), nonce=nonce)
    if "email" not in claims and "userinfo_endpoint" in provider.metadata:
        claims = more(provider, claims, str(answer.get("access_token", "")))
    return claims


def exchanged(provider: Provider, *, code: str, verifier: str, callback: str) -> dict[str, Any]:
    values = {
        "grant_type": "authorization_code",
        "code": code,
        "redirect_uri": callback,
        "code_verifier": verifier,
    }
    secret, headers = secret_of(provider), {}
    if provider.metadata["by_post"]:
        values |= {"client_id": provider.client_id, "client_secret": secret}
    else:
        pair = f"{quote(provider.client_id, safe='')}:{quote(secret, safe='')}"
        headers["Authorization"] = f"Basic {b64encode(pair.encode()).decode()}"
    return calls.post(provider.metadata["token_endpoint"], values, **headers)


def secret_of(provider: Provider) -> str:
    try:
        return decrypt(provider.secret)
    except UnreadableSecret as error:
        raise ValidationError(
            _("The client secret cannot be read. An owner has to enter it again."), "secret"
        ) from error


def checked(provider: Provider, token: str, *, nonce: str) -> dict[str, Any]:
    """The claims of an ID token that this provider signed, for this client and this sign-in. Raises ValidationError."""
    try:
        key = key_of(provider, token)
        claims: dict[str, Any] = jwt.decode(
            token,
            key,
            algorithms=ALGORITHMS,
            issuer=provider.issuer,
            audience=provider.client_id,
            leeway=LEEWAY,
            options={"require": ["iss", "sub", "aud", "exp", "iat"]},
        )
    except (jwt.PyJWTError, ValueError, TypeError) as error:
        raise ValidationError(reason(error), code="token") from error
    if not constant_time_compare(str(claims.get("nonce", "")), nonce):
        raise ValidationError(_("The provider's answer belongs to another sign-in."), code="nonce")
    is_shared = isinstance(claims["aud"], list) and len(claims["aud"]) > 1
    if claims.get("azp", None if is_shared else provider.client_id) != provider.client_id:
        raise ValidationError(_("The provider's answer is for another client."), code="audience")
    if not 0 < len(claims["sub"]) <= LONGEST or not claims["sub"].isprintable():
        raise ValidationError(_("The provider's answer cannot be read."), code="subject")
    return claims


def key_of(provider: Provider, token: str) -> jwt.PyJWK:
    """The provider's key with the name that the token gives, or its only one. Raises PyJWTError and ValidationError.

    A name that is not known is a new key's, and without names no one can tell: then the keys are read again.
    """
    name = jwt.get_unverified_header(token).get("kid")
    if name not in {key.get("kid", "") for key in provider.metadata.get("keys", [])}:
        refresh_keys(provider)
    keys = jwt.PyJWKSet.from_dict({"keys": provider.metadata["keys"]}).keys
    keys = [key for key in keys if key.public_key_use in (None, "sig")]
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


def more(provider: Provider, claims: dict[str, Any], access_token: str) -> dict[str, Any]:
    """With what the provider says elsewhere: many leave names and addresses out of the token."""
    if not (access_token.isascii() and access_token.isprintable()):
        raise ValidationError(_("The provider's answer cannot be read."), code="access_token")
    found = calls.get(provider.metadata["userinfo_endpoint"], Authorization=f"Bearer {access_token}")
    if found.get("sub") != claims["sub"]:
        raise ValidationError(_("The provider's answer belongs to another sign-in."), code="subject")
    return found | claims

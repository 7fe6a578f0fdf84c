"""The way of a browser to the provider and back: authorization code, with PKCE, state and nonce.

The session keeps it. A session belongs to one browser and one organisation, so the way back works there alone, once.
https://www.rfc-editor.org/rfc/rfc9700 (best current practice), https://www.rfc-editor.org/rfc/rfc7636 (PKCE)
"""

import time
from base64 import urlsafe_b64encode
from hashlib import sha256
from typing import Any
from urllib.parse import urlencode

from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.utils.crypto import constant_time_compare, get_random_string
from django.utils.translation import gettext as _

from shared.session_values import NUMBER, session_value

SECONDS = 10 * 60
SHAPE = {"state": str, "nonce": str, "verifier": str, "at": NUMBER}
NUMBER_OR_NONE = (int, type(None))


def begin(request: HttpRequest, key: str, *, state: str = "", **values: Any) -> dict[str, str]:
    """Keep what has to be known on the way back, and return the way's secrets. A new way ends the last one."""
    secrets = {"nonce": get_random_string(43), "verifier": get_random_string(43)}
    secrets["state"] = state or get_random_string(43)
    request.session[key] = values | secrets | {"at": time.time()}
    return secrets


def address(url: str, *, client_id: str, callback: str, scopes: str, secrets: dict[str, str]) -> str:
    """Where the browser goes."""
    values = {
        "response_type": "code",
        "client_id": client_id,
        "redirect_uri": callback,
        "scope": scopes,
        "state": secrets["state"],
        "nonce": secrets["nonce"],
        "code_challenge": challenge(secrets["verifier"]),
        "code_challenge_method": "S256",
    }
    return url + ("&" if "?" in url else "?") + urlencode(values)


def challenge(verifier: str) -> str:
    return urlsafe_b64encode(sha256(verifier.encode()).digest()).decode().rstrip("=")


def taken(request: HttpRequest, key: str, **shape: Any) -> dict[str, Any]:
    """What begin() has kept in this browser's session; stored at once, so that a second request finds nothing.
    `shape` has the types of what the caller has given to begin().

    Raises ValidationError, with a sentence, also if the provider has refused the person.
    """
    found = session_value(request, key, SHAPE | shape)
    if request.session.pop(key, None) is not None:
        request.session.save()
    is_ours = found is not None and constant_time_compare(request.GET.get("state", ""), found["state"])
    if found is None or not is_ours or time.time() - found["at"] > SECONDS:
        raise ValidationError(_("This sign-in was begun elsewhere, or is over. Try again."), code="state")
    if "error" in request.GET:
        raise ValidationError(_("The provider did not sign you in."), code="refused")
    return found


def check_issuer(request: HttpRequest, issuer: str) -> None:
    """Raises ValidationError. https://www.rfc-editor.org/rfc/rfc9207"""
    if request.GET.get("iss", issuer) != issuer:
        raise ValidationError(_("The answer comes from another provider."), code="issuer")

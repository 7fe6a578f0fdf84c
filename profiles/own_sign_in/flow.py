"""The way of a browser to the provider and back: authorization code, with PKCE, state and nonce.

https://www.rfc-editor.org/rfc/rfc9700 (best current practice), https://www.rfc-editor.org/rfc/rfc7636 (PKCE)
"""

import time
from base64 import urlsafe_b64encode
from dataclasses import dataclass
from hashlib import sha256
from typing import Any
from urllib.parse import urlencode

from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.urls import reverse
from django.utils.crypto import constant_time_compare, get_random_string
from django.utils.translation import gettext as _

from profiles.own_sign_in.models import Provider
from profiles.own_sign_in.tokens import claims_for
from tenants.context import required

KEY = "own_sign_in"  # in the session, which belongs to one browser and one organisation
SECONDS = 10 * 60


@dataclass(frozen=True)
class Finished:
    provider: Provider
    claims: dict[str, Any]
    tester: int | None  # the owner who has tested it
    goes_to: str


def begin(request: HttpRequest, provider: Provider, *, tester: int | None = None, goes_to: str = "") -> str:
    """The address at the provider to which the browser goes. A new way ends the last one. Raises ValidationError."""
    secrets = {name: get_random_string(43) for name in ("state", "nonce", "verifier")}
    kept = {"version": provider.version, "tester": tester, "goes_to": goes_to, "at": time.time()}
    request.session[KEY] = secrets | kept
    values = {
        "response_type": "code",
        "client_id": provider.client_id,
        "redirect_uri": callback(),
        "scope": provider.scopes,
        "state": secrets["state"],
        "nonce": secrets["nonce"],
        "code_challenge": challenge(secrets["verifier"]),
        "code_challenge_method": "S256",
    }
    url: str = provider.metadata["authorization_endpoint"]
    return url + ("&" if "?" in url else "?") + urlencode(values)


def callback() -> str:
    return required().url(reverse("own_sign_in_callback"))


def challenge(verifier: str) -> str:
    return urlsafe_b64encode(sha256(verifier.encode()).digest()).decode().rstrip("=")


def finish(request: HttpRequest) -> Finished:
    """What came of it. Each way back works once. Raises ValidationError, with a sentence."""
    kept = taken(request)
    if "error" in request.GET:
        raise ValidationError(_("The provider did not sign you in."), code="refused")
    provider = Provider.objects.filter(pk=1, version=kept["version"]).first()
    if provider is None:
        raise ValidationError(_("The settings have been changed meanwhile. Try again."), code="changed")
    # https://www.rfc-editor.org/rfc/rfc9207
    if request.GET.get("iss", provider.issuer) != provider.issuer:
        raise ValidationError(_("The answer comes from another provider."), code="issuer")
    claims = claims_for(
        provider,
        code=request.GET.get("code", ""),
        verifier=kept["verifier"],
        nonce=kept["nonce"],
        callback=callback(),
    )
    return Finished(provider, claims, kept["tester"], kept["goes_to"])


def taken(request: HttpRequest) -> dict[str, Any]:
    """What begin() has kept in this browser's session; stored at once, so that a second request finds nothing."""
    kept: dict[str, Any] | None = request.session.pop(KEY, None)
    if kept is not None:
        request.session.save()
    is_ours = kept is not None and constant_time_compare(request.GET.get("state", ""), kept["state"])
    if kept is None or not is_ours or time.time() - kept["at"] > SECONDS:
        raise ValidationError(_("This sign-in was begun elsewhere, or is over. Try again."), code="state")
    return kept

"""The way of a browser to the organisation's provider and back."""

from dataclasses import dataclass
from functools import partial
from typing import Any

from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _

from profiles.oidc import way
from profiles.oidc.client import Client
from profiles.oidc.tokens import claims_for
from profiles.own_sign_in.calls import caller
from profiles.own_sign_in.discovery import refresh_keys
from profiles.own_sign_in.models import Provider
from shared.encryption import UnreadableSecret, decrypt
from tenants.context import required

KEY = "own_sign_in"  # in the session


@dataclass(frozen=True)
class Finished:
    provider: Provider
    claims: dict[str, Any]
    tester: int | None  # the owner who has tested it
    goes_to: str


def begin(request: HttpRequest, provider: Provider, *, tester: int | None = None, goes_to: str = "") -> str:
    """The address at the provider to which the browser goes. A new way ends the last one. Raises ValidationError."""
    secrets = way.begin(request, KEY, version=provider.version, tester=tester, goes_to=goes_to)
    url: str = provider.metadata["authorization_endpoint"]
    return way.address(url, client_id=provider.client_id, callback=callback(), scopes=provider.scopes, secrets=secrets)


def callback() -> str:
    return required().url(reverse("own_sign_in_callback"))


def finish(request: HttpRequest) -> Finished:
    """What came of it. Each way back works once. Raises ValidationError, with a sentence."""
    kept = way.taken(request, KEY, version=int, tester=way.NUMBER_OR_NONE, goes_to=str)
    provider = Provider.objects.filter(pk=1, version=kept["version"]).first()
    if provider is None:
        raise ValidationError(_("The settings have been changed meanwhile. Try again."), code="changed")
    way.check_issuer(request, provider.issuer)
    claims = claims_for(
        client_of(provider),
        code=request.GET.get("code", ""),
        verifier=kept["verifier"],
        nonce=kept["nonce"],
        callback=callback(),
    )
    return Finished(provider, claims, kept["tester"], kept["goes_to"])


def client_of(provider: Provider) -> Client:
    try:
        secret = decrypt(provider.secret)
    except UnreadableSecret as error:
        raise ValidationError(
            _("The client secret cannot be read. An owner has to enter it again."), "secret"
        ) from error
    return Client(
        issuer=provider.issuer,
        client_id=provider.client_id,
        secret=secret,
        scopes=provider.scopes,
        metadata=provider.metadata,
        caller=caller(),
        new_keys=partial(refresh_keys, provider),
    )

"""The way of a browser from an organisation's host to a provider, back to the base domain, and from there to the host.

A provider takes no wildcards, so all organisations have one callback on the base domain. It passes on what it is given
to the host of the organisation that has signed `state`, and does nothing else. The session there has begun the way, and
holds what ends it (PKCE, nonce): it works in that browser and that organisation, once. So the code is worth nothing
elsewhere, the base domain needs no cookie, and the call to the provider takes the organisation's turn.
"""

import re
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.signing import BadSignature
from django.http import HttpRequest
from django.urls import reverse
from django.utils.crypto import get_random_string
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from profiles.oidc import way
from profiles.providers.kinds import Person, Provider
from profiles.providers.offered import offered
from tenants import signing
from tenants.context import required, within
from tenants.models import SCHEMA_NAME, Tenant

KEY = "provider"  # in the session
SALT = "provider"
SHAPE = {"provider": str, "way": str}
# What a provider sends back. https://www.rfc-editor.org/rfc/rfc9207 has `iss`.
ANSWER = ("code", "state", "error", "iss")


@dataclass(frozen=True)
class Finished:
    provider: Provider
    person: Person
    member: int | None  # who links the account; None for signing in
    goes_to: str


def begin(request: HttpRequest, provider: Provider, *, member: int | None = None, goes_to: str = "") -> str:
    """The address at the provider to which the browser goes. Raises ValidationError."""
    values = {"provider": provider.name, "member": member, "goes_to": goes_to}
    secrets = way.begin(request, KEY, state=state_for(provider), **values)
    return provider.where(secrets)


def state_for(provider: Provider) -> str:
    """Signed for the current organisation, whose schema stands before it."""
    signed = signing.dumps({"provider": provider.name, "way": get_random_string(22)}, salt=SALT)
    return f"{required().schema_name}.{signed}"


def onwards(state: str, name: str, answer: Any) -> str | None:
    """Where the callback on the base domain sends the browser; None for a state that no organisation of ours signed."""
    schema, _dot, signed = state.partition(".")
    tenant = Tenant.objects.active().filter(schema_name=schema).first() if re.fullmatch(SCHEMA_NAME, schema) else None
    if tenant is None:
        return None
    try:
        with within(tenant):
            value = signing.loads(signed, salt=SALT, max_age=way.SECONDS, shape=SHAPE)
    except BadSignature:
        return None
    if value["provider"] != name:
        return None
    path = reverse("provider_return", args=[name], urlconf=settings.ROOT_URLCONF)
    return f"{tenant.url(path)}?{urlencode({key: answer[key] for key in ANSWER if key in answer})}"


def finish(request: HttpRequest, name: str) -> Finished:
    """What came of it. Each way back works once. Raises ValidationError, with a sentence."""
    kept = way.taken(request, KEY, provider=str, member=way.NUMBER_OR_NONE, goes_to=str)
    provider = offered().get(name)
    if provider is None or kept["provider"] != name:
        raise ValidationError(_("This sign-in was begun elsewhere, or is over. Try again."), code="state")
    person = provider.person(code=request.GET.get("code", ""), verifier=kept["verifier"], nonce=kept["nonce"])
    return Finished(provider, person, kept["member"], kept["goes_to"])

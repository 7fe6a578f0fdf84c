"""Finds the token of a request, and counts the request against its limit."""

from ipaddress import ip_network
from math import ceil

from django.conf import settings
from django.http import HttpRequest
from django.utils.translation import gettext as _

from profiles.api import texts
from profiles.api.models import Token
from profiles.api.places import is_valid_at
from profiles.api.problems import Refused
from tenants.current import schema_name
from tenants.limits.addresses import client_address
from tenants.limits.counting import Rate, TooOften, take

# The precision of the stored network of a token's use: the provider, not the household.
SHOWN = {4: 24, 6: 48}


def authenticate(request: HttpRequest) -> Token:
    """The token in the Authorization header. Raises Refused (401) if it is unknown in this organisation, or not valid
    now.
    """
    scheme, _space, sent = request.headers.get("Authorization", "").partition(" ")
    if scheme.lower() != "bearer":
        raise unauthorised(_("Send a token: Authorization: Bearer %(prefix)s…") % {"prefix": settings.API_TOKEN_PREFIX})
    text = texts.read(sent.strip())
    token = Token.objects.in_use().filter(pk=text.id).first() if text else None
    if text is None or token is None or not token.is_worth(text) or not is_valid_at(request.path_info, token.scope):
        raise unauthorised(_("This token is not valid here, or no longer valid."), error="invalid_token")
    address = client_address(request)
    if not token.may_come_from(address):
        raise Refused(403, _("This token may not be used from this address."), code="address")
    token.note_use(network(address))
    return token


def unauthorised(detail: str, *, error: str = "") -> Refused:
    """https://www.rfc-editor.org/rfc/rfc6750#section-3"""
    header = f'Bearer realm="api", error="{error}"' if error else 'Bearer realm="api"'
    return Refused(401, detail, headers={"WWW-Authenticate": header})


def network(address: str) -> str:
    if not address:
        return ""
    whole = ip_network(address)
    return str(whole.supernet(new_prefix=SHOWN[whole.version]))


def counted(token: Token, rate: Rate) -> dict[str, str]:
    """Count a request. Returns headers with the remaining number. Raises Refused (429) above the limit.

    https://datatracker.ietf.org/doc/draft-ietf-httpapi-ratelimit-headers/
    """
    try:
        hit = take("api", rate, "token", schema_name(), str(token.pk))
    except TooOften as error:
        headers = limits(rate, left=0, seconds=error.wait)
        raise Refused(429, headers={**headers, "Retry-After": str(error.wait)}) from error
    return limits(rate, left=rate.amount - hit.number, seconds=hit.renews)


def limits(rate: Rate, *, left: int, seconds: float) -> dict[str, str]:
    return {
        "RateLimit-Policy": f'"token";q={rate.amount};w={rate.period:.0f}',
        "RateLimit": f'"token";r={left};t={ceil(seconds)}',
    }

"""Where a request comes from."""

from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address

from django.conf import settings
from django.http import HttpRequest

# A provider gives a household or a server all of these: https://www.rfc-editor.org/rfc/rfc6177
IPV6_PREFIX = 64


def client_address(request: HttpRequest) -> str:
    """Where a request comes from: an IPv4 address, or the network of an IPv6 address; "" if nobody knows.

    Of X-Forwarded-For only what our own proxies have written is believed: the last as many entries as there
    are proxies (TRUSTED_PROXY_COUNT).
    """
    proxies = settings.ALLAUTH_TRUSTED_PROXY_COUNT
    forwarded = request.headers.get("x-forwarded-for", "").split(",")[-proxies:] if proxies else []
    return next(filter(None, map(network, [*forwarded[:1], request.META.get("REMOTE_ADDR", "")])), "")


def network(text: str) -> str:
    """Whose address it is, as far as that can be told; "" if it is none."""
    try:
        address: IPv4Address | IPv6Address = ip_address(text.strip().strip("[]"))
    except ValueError:
        return ""
    if isinstance(address, IPv4Address):
        return str(address)
    if address.ipv4_mapped:
        return str(address.ipv4_mapped)
    return str(IPv6Network((int(address), IPV6_PREFIX), strict=False).network_address)

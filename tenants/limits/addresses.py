"""The client address of a request."""

from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address

from django.conf import settings
from django.http import HttpRequest

# Providers give each household or server a whole /64 or more: https://www.rfc-editor.org/rfc/rfc6177
IPV6_PREFIX = 64


def client_address(request: HttpRequest) -> str:
    """The client of a request: an IPv4 address, or the network of an IPv6 address; "" if unknown.

    In X-Forwarded-For it trusts only the entries that our own proxies have written: the last TRUSTED_PROXY_COUNT.
    """
    proxies = settings.ALLAUTH_TRUSTED_PROXY_COUNT
    forwarded = request.headers.get("x-forwarded-for", "").split(",")[-proxies:] if proxies else []
    return next(filter(None, map(network, [*forwarded[:1], request.META.get("REMOTE_ADDR", "")])), "")


def network(text: str) -> str:
    """The IPv4 address, or the IPv6 network, in a text; "" if it is not an address."""
    try:
        address: IPv4Address | IPv6Address = ip_address(text.strip().strip("[]"))
    except ValueError:
        return ""
    if isinstance(address, IPv4Address):
        return str(address)
    if address.ipv4_mapped:
        return str(address.ipv4_mapped)
    return str(IPv6Network((int(address), IPV6_PREFIX), strict=False).network_address)

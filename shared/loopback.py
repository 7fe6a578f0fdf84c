"""Does a request come from this machine itself? A proxy on it asks from here too, for strangers."""

from ipaddress import ip_address

from django.http import HttpRequest

# Written by a proxy that passes a request on. In production it has to send X-Forwarded-Proto: without it, every page
# would redirect to https without end.
OF_PROXIES = ("X-Forwarded-For", "X-Forwarded-Host", "X-Forwarded-Proto", "Forwarded", "Via")


def is_from_here(request: HttpRequest) -> bool:
    """From a loopback address, and not passed on by a proxy."""
    try:
        is_local = ip_address(request.META.get("REMOTE_ADDR", "")).is_loopback
    except ValueError:
        return False
    return is_local and not any(name in request.headers for name in OF_PROXIES)

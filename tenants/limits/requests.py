"""Counting what a request does, for its account and for its address."""

from django.conf import settings
from django.http import HttpRequest

from tenants.current import schema_name
from tenants.limits.addresses import client_address
from tenants.limits.counting import Rate, take


def count(request: HttpRequest, action: str, *, account: str) -> None:
    """Count that this request does it, for an account here, and for its address anywhere. Raises TooOften.

    How often each may is in the setting LIMITS, which need not name each. An account is whatever the organisation knows
    somebody by; counted from one address, others cannot use it up.
    """
    address = client_address(request)
    who = {
        "address": ("address", address),
        "account": ("account", schema_name(), account.lower()),
        "account_from_address": ("account", schema_name(), account.lower(), address),
    }
    rates = settings.LIMITS[action]
    for name in (name for name in who if name in rates):
        take(action, Rate(*rates[name]), *who[name])

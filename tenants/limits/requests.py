"""Counts a request's action for its account and for its client address."""

from django.conf import settings
from django.http import HttpRequest

from tenants.current import schema_name
from tenants.limits.addresses import client_address
from tenants.limits.counting import Rate, take


def count(request: HttpRequest, action: str, *, account: str) -> None:
    """Count the request's action, for the account in this organisation and for the client address in all. Raises
    TooOften.

    The limits are in the setting LIMITS, which need not name each. `account` identifies a person within the
    organisation, such as a username. Counted per client address, other people cannot use it up.
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

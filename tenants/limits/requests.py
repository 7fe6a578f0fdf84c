"""Counting what a request does, for its account and for its address."""

from django.conf import settings
from django.http import HttpRequest

from tenants.current import schema_name
from tenants.limits.addresses import client_address
from tenants.limits.counting import Rate, take


def count(request: HttpRequest, action: str, *, account: str) -> None:
    """Count that this request does it, for an account here, and for its address anywhere. Raises TooOften.

    How often each may is in the setting LIMITS. An account is whatever the organisation knows somebody by.
    """
    rates = settings.LIMITS[action]
    take(action, Rate(*rates["address"]), "address", client_address(request))
    take(action, Rate(*rates["account"]), "account", schema_name(), account.lower())

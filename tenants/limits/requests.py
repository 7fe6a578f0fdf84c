"""Counts a request's action for its account and for its client address."""

from django.conf import settings
from django.http import HttpRequest

from tenants.current import schema_name
from tenants.limits.addresses import client_address
from tenants.limits.counting import Rate, take


def count(request: HttpRequest, action: str, *, account: str) -> None:
    """Count the request's action, for the account in this organisation and for the client address in all. Raises
    TooOften.

    The limits are in the setting LIMITS. `account` identifies a person within the organisation, such as a username.
    """
    rates = settings.LIMITS[action]
    take(action, Rate(*rates["address"]), "address", client_address(request))
    take(action, Rate(*rates["account"]), "account", schema_name(), account.lower())

"""Calls to the provider that an owner has entered: to public addresses alone, and to networks of the settings."""

from django.conf import settings

from profiles.oidc.calls import Caller
from shared.outgoing.addresses import Rules


def caller(*, is_provider: bool = True) -> Caller:
    """The networks of the settings are for providers only."""
    networks = settings.OWN_SIGN_IN_NETWORKS if is_provider else ()
    rules = Rules(http=settings.OWN_SIGN_IN_HTTP, ports=settings.OWN_SIGN_IN_PORTS, networks=networks)
    return Caller(rules, settings.OWN_SIGN_IN_TIMEOUT)

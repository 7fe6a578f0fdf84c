"""Calls to the provider that an owner has entered: to public addresses alone, and to networks of the settings."""

from django.conf import settings

from profiles.oidc.calls import Caller
from shared.outgoing.addresses import Rules


def caller() -> Caller:
    rules = Rules(
        http=settings.OWN_SIGN_IN_HTTP, ports=settings.OWN_SIGN_IN_PORTS, networks=settings.OWN_SIGN_IN_NETWORKS
    )
    return Caller(rules, settings.OWN_SIGN_IN_TIMEOUT)

"""Where the provider sends members back to, and the settings with which the product calls it on loopback."""

from urllib.parse import urlsplit

from django.test import override_settings

from tests.profiles.oidc.idp import address

CALLBACK = "/account/single-sign-on/callback/"


def allowed() -> override_settings:
    ports = [443, urlsplit(address()).port]
    return override_settings(OWN_SIGN_IN_HTTP=True, OWN_SIGN_IN_NETWORKS=["127.0.0.1/32"], OWN_SIGN_IN_PORTS=ports)

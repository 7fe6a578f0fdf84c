"""The providers, on loopback, and settings that set them up for all organisations."""

import pytest

from profiles.providers.offered import configured
from tests.profiles.oidc import idp as there
from tests.profiles.oidc.provider import CLIENT, SECRET
from tests.profiles.providers import github as hub


class Hub(there.There):
    """GitHub, as the tests tell it what to say."""

    def __init__(self, server: hub.GitHub) -> None:
        super().__init__(server.url, ["http://localhost:8000/providers/github/callback/"])
        self.server = server


@pytest.fixture
def oidc(settings):
    """Google, Microsoft and a provider of the operators' own; one process is all three."""
    address = there.address()
    ours = {"client_id": CLIENT, "secret": SECRET, "url": address}
    settings.PROVIDERS = {"google": ours, "microsoft": ours, "oidc": ours | {"label": "Our Keycloak"}}
    callbacks = [provider.callback for provider in configured().values()]
    assert callbacks[0] == "http://localhost:8000/providers/google/callback/"
    return there.Idp(address, callbacks)


@pytest.fixture
def github(settings):
    with hub.running() as server:
        ours = {"client_id": hub.CLIENT, "secret": hub.SECRET, "url": server.url}
        settings.PROVIDERS = {"github": ours}
        yield Hub(server)

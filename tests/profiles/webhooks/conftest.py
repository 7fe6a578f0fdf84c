"""A receiver at 127.0.0.1, where messages may go, and one at 127.0.0.2, where they must not: our own network."""

from collections.abc import Iterator

import pytest

from profiles.webhooks import signing
from profiles.webhooks.models import Endpoint
from tenants.context import within
from tests.names import Names, naming
from tests.profiles.webhooks.servers import Receiver, receiving

ALLOWED, INSIDE = "127.0.0.1", "127.0.0.2"


@pytest.fixture
def names(settings) -> Iterator[Names]:
    """The name server that is asked; receiver.example is where messages may go."""
    with naming() as found:
        found.says["receiver.example."] = [[ALLOWED]]
        settings.WEBHOOK_NAMESERVERS = [found.address]
        yield found


@pytest.fixture
def receiver(settings, names) -> Iterator[Receiver]:
    with receiving(ALLOWED) as found:
        settings.WEBHOOK_HTTP, settings.WEBHOOK_NETWORKS = True, [f"{ALLOWED}/32"]
        settings.WEBHOOK_PORTS = [443, found.port]
        settings.WEBHOOK_TIMEOUT = 2
        yield found


@pytest.fixture
def inside(receiver) -> Iterator[Receiver]:
    """What listens in our own network, on the same port."""
    with receiving(INSIDE, receiver.port) as found:
        yield found


@pytest.fixture
def url(receiver) -> str:
    return f"http://receiver.example:{receiver.port}/hooks?from=acme"


@pytest.fixture
def endpoint(acme, url) -> Endpoint:
    with within(acme):
        return Endpoint.objects.create(url=url, events="*", secret=signing.new())

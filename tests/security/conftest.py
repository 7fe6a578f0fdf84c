"""What the tests read of the log, and links with secrets."""

import io
import logging
from collections.abc import Iterator

import pytest

from profiles.models import User
from tenants.context import within
from tenants.models import Tenant
from tests.security.links import good_links


@pytest.fixture
def lines() -> Iterator[io.StringIO]:
    """What the product's own handler writes, of every logger at its most talkative."""
    (handler,) = (each for each in logging.getLogger().handlers if each.name == "stderr")
    text, root = io.StringIO(), logging.getLogger()
    # Not by setStream(), which flushes the one before: an earlier test may have closed what it captured.
    level, before = root.level, handler.stream  # type: ignore[attr-defined]
    handler.stream = text  # type: ignore[attr-defined]
    root.setLevel(logging.DEBUG)
    yield text
    root.setLevel(level)
    handler.stream = before  # type: ignore[attr-defined]


@pytest.fixture
def links(acme: Tenant, owner: User, reader: User) -> dict[str, str]:
    """The path of each address with a secret, with a secret that is good."""
    with within(acme):
        return good_links(owner, reader)

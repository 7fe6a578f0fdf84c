"""Here no host is known at first: how they become known is what these tests are about."""

import pytest

from tenants.serving import hosts


@pytest.fixture(autouse=True)
def no_host_known(nothing_remembered: None) -> None:
    hosts.clear()

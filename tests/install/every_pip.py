"""`make test-install`: each pip installs what the locks say, on a day when every package has a newer release."""

import platform

import pytest

from tests.install.conftest import Install
from tests.install.lock import pins
from tests.install.pips import BUNDLED, NEWEST, runs_here


@pytest.mark.parametrize("pip", [*BUNDLED, NEWEST])
def test_pip_installs_what_the_locks_say(install: Install, pip: str) -> None:
    if not runs_here(pip):
        pytest.skip(f"Python {platform.python_version()} is newer than any that came with {pip}.")
    assert install(pip) == dict(pins("requirements-dev.txt"))

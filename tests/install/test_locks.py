"""The locks install the same versions whatever is released later. `make test-install` shows it for every pip."""

import re
import tomllib
from collections.abc import Iterator
from functools import cache
from importlib.metadata import distribution

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from tests.config.conftest import BASE_DIR
from tests.install.conftest import Install
from tests.install.lock import ALL_LOCKS, LINE, LOCKS, pins, text
from tests.install.pips import OLDEST

PROJECT = tomllib.loads((BASE_DIR / "pyproject.toml").read_text())["project"]
ASKED = {
    "requirements.txt": PROJECT["dependencies"],
    "requirements-dev.txt": PROJECT["dependencies"] + PROJECT["optional-dependencies"]["dev"],
}
MACHINES = [("linux", "Linux", "x86_64"), ("linux", "Linux", "aarch64"), ("darwin", "Darwin", "arm64")]
# Files in which a lock is installed, or a person is told how.
INSTALLING = [*BASE_DIR.glob("*file"), *BASE_DIR.glob(".ci/*"), *BASE_DIR.glob("*.md"), *BASE_DIR.glob("docs/*.md")]


@pytest.mark.slow
def test_oldest_pip_installs_what_the_locks_say(install: Install) -> None:
    assert install(OLDEST) == dict(pins("requirements-dev.txt"))


@pytest.mark.parametrize("lock", ALL_LOCKS)
def test_a_lock_has_a_pin_and_hashes_on_every_line(lock: str) -> None:
    lines = LINE.sub("", text(lock)).splitlines()
    assert [line for line in lines if line.strip() and not line.lstrip().startswith("#")] == []


@pytest.mark.parametrize("machine", MACHINES, ids="-".join)
@pytest.mark.parametrize("python", ["3.11", "3.12", "3.13", "3.14"])
@pytest.mark.parametrize("lock", LOCKS)
def test_a_lock_is_complete(lock: str, python: str, machine: tuple[str, str, str]) -> None:
    """pip resolves nothing, so what a package needs on another Python or machine has to be in the lock as well."""
    locked = dict(pins(lock))
    names = ("sys_platform", "platform_system", "platform_machine")
    environment = dict(zip(names, machine, strict=True)) | {
        "python_version": python,
        "python_full_version": f"{python}.0",
    }
    for requirement, needed_by in needed(ASKED[lock], environment):
        version = locked.get(canonicalize_name(requirement.name))
        assert version, f"{needed_by} needs {requirement}"
        assert requirement.specifier.contains(version), f"{needed_by} needs {requirement}, not {version}"


def needed(asked: list[str], environment: dict[str, str]) -> Iterator[tuple[Requirement, str]]:
    """All that these need there, and who says so: extras, and extras of extras, among it."""
    waiting = [(Requirement(each), "", "pyproject.toml") for each in asked]
    met: set[tuple[str, str]] = set()
    while waiting:
        requirement, extra, needed_by = waiting.pop()
        if requirement.marker and not requirement.marker.evaluate(environment | {"extra": extra}):
            continue
        yield requirement, needed_by
        name = canonicalize_name(requirement.name)
        for wanted in {("", name), *((each, name) for each in requirement.extras)} - met:
            met.add(wanted)
            waiting += [(child, *wanted) for child in requirements_of(name)]


@cache
def requirements_of(name: str) -> list[Requirement]:
    return [Requirement(each) for each in distribution(name).requires or ()]


def test_the_documentation_has_the_versions_of_the_rest():
    """They are installed into one environment, in which `pip check` has to find nothing."""
    rest = dict(pins("requirements-dev.txt"))
    both = {name: version for name, version in pins("docs/requirements.txt") if name in rest}
    assert len(both) > 2
    assert both == {name: rest[name] for name in both}


def test_every_command_leaves_the_locks_unresolved() -> None:
    commands = [
        (path.name, line) for path in INSTALLING for line in re.findall(r"pip install .*-r\b", path.read_text())
    ]
    assert {"Makefile", "Dockerfile"} <= {name for name, _line in commands}
    assert [command for command in commands if "--no-deps --require-hashes -r" not in command[1]] == []

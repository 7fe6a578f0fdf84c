"""A fresh clone, a Python that brings a certain pip along, and an index of tomorrow."""

import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from importlib.metadata import distributions
from pathlib import Path
from typing import NamedTuple

import pytest
from packaging.utils import canonicalize_name

from tests.config.conftest import BASE_DIR
from tests.install import index
from tests.install.lock import LOCKS, Pin, pins, with_hashes

PYTHON = """#!/bin/sh
# This Python, as if it came with another pip.
test "$2" = venv || exec {python} "$@"
{python} -m venv --without-pip .venv
exec {python} -m pip --python .venv/bin/python install --quiet --no-index {wheel}
"""
NOT_INHERITED = ("MAKE", "MFLAGS", "PIP_")


class Index(NamedTuple):
    """Where the packages are, and the hash of each that the locks name."""

    folder: Path
    hashes: dict[Pin, str]


Fetch = Callable[[str], Path]
Install = Callable[[str], dict[str, str]]


@pytest.fixture(scope="session")
def fetch(tmp_path_factory: pytest.TempPathFactory) -> Fetch:
    """Get one wheel from the index that this machine is set to."""

    def run(requirement: str) -> Path:
        folder = tmp_path_factory.mktemp("wheel")
        asked = ["--no-deps", "--only-binary", ":all:", "--retries", "1", "--timeout", "20", requirement]
        result = subprocess.run(
            [sys.executable, "-m", "pip", "download", "--quiet", "--dest", folder, *asked],
            capture_output=True,
            text=True,
            check=False,
        )
        if "from versions: none" in result.stderr:
            pytest.skip(f"No package index can be reached, and {requirement} has to come from one.")
        assert result.returncode == 0, result.stderr
        return next(folder.iterdir())

    return run


@pytest.fixture(scope="session")
def tomorrow(tmp_path_factory: pytest.TempPathFactory, fetch: Fetch) -> Index:
    """The index on a day when each package of the locks has had a newer release."""
    folder = tmp_path_factory.mktemp("index")
    locked = dict(pins("requirements-dev.txt"))["pip"]
    return Index(folder, index.build(folder, pip_wheel=fetch(f"pip=={locked}")))


@pytest.fixture
def install(tmp_path: Path, tomorrow: Index, fetch: Fetch) -> Install:
    """Have make install both locks with this pip, and return what is there then: names and versions."""

    def run(pip: str) -> dict[str, str]:
        shutil.copy(BASE_DIR / "Makefile", tmp_path)
        for lock in LOCKS:
            (tmp_path / lock).write_text(with_hashes(lock, tomorrow.hashes))
        python = tmp_path / "python"
        python.write_text(PYTHON.format(python=sys.executable, wheel=fetch(pip)))
        python.chmod(0o755)
        result = subprocess.run(
            ["make", ".venv/.installed-dev", f"PYTHON={python}"],  # noqa: S607  whichever make is on PATH
            cwd=tmp_path,
            env=environment(tomorrow.folder),
            capture_output=True,
            text=True,
            check=False,
        )
        assert result.returncode == 0, result.stdout + result.stderr
        return installed(tmp_path / ".venv")

    return run


def environment(folder: Path) -> dict[str, str]:
    """That of a machine whose only index is this folder."""
    inherited = {name: value for name, value in os.environ.items() if not name.startswith(NOT_INHERITED)}
    return inherited | {"PIP_CONFIG_FILE": os.devnull, "PIP_NO_INDEX": "1", "PIP_FIND_LINKS": str(folder)}


def installed(venv: Path) -> dict[str, str]:
    """The names and versions of what lies there."""
    site_packages = [str(path) for path in venv.glob("lib/python3.*/site-packages")]
    return {canonicalize_name(found.name): found.version for found in distributions(path=site_packages)}

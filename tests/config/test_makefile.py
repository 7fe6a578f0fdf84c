"""`make`: if it cannot install, it says why in a sentence."""

import shutil
import subprocess
from pathlib import Path

import psutil
import pytest

from tests.config.conftest import BASE_DIR
from tests.daily import part_each_day


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """The files of a fresh clone that make needs."""
    for name in ("Makefile", "requirements.txt", "requirements-dev.txt"):
        shutil.copy(BASE_DIR / name, tmp_path / name)
    return tmp_path


@pytest.fixture(autouse=True)
def nothing_of_an_outer_make(monkeypatch: pytest.MonkeyPatch) -> None:
    """`make test` runs these tests, and its environment variables would make this a recursive make."""
    for name in ("MAKEFLAGS", "MAKELEVEL", "MFLAGS", "MAKEOVERRIDES"):
        monkeypatch.delenv(name, raising=False)


def make(checkout: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        ["make", *arguments],  # noqa: S607  whichever make is on PATH
        cwd=checkout,
        capture_output=True,
        text=True,
        timeout=30,
        check=False,
    )


def python(checkout: Path, *, new_enough: bool, has_venv: bool = True) -> str:
    """A program that answers make's checks like such a Python."""
    answers = f"""#!/bin/sh
case "$2" in
*version_info*) exit {int(not new_enough)} ;;
*ensurepip*) exit {int(not has_venv)} ;;
esac
echo "this test installs nothing" >&2; exit 1
"""
    program = checkout / "python"
    program.write_text(answers)
    program.chmod(0o755)
    return f"PYTHON={program}"


def assert_sentence(result: subprocess.CompletedProcess[str], *words: str) -> None:
    """Assert that make failed, with one sentence with these words before its own last line."""
    assert result.returncode != 0
    sentence, closing = result.stderr.strip().splitlines()
    assert closing.startswith("make: ***")
    for word in words:
        assert word in sentence


@pytest.mark.parametrize("target", ["run", "test"])
def test_old_python_is_refused(checkout: Path, target: str) -> None:
    assert_sentence(make(checkout, target, python(checkout, new_enough=False)), "not Python 3.11 or newer")


def test_missing_python_is_said(checkout: Path) -> None:
    assert_sentence(make(checkout, "run", "PYTHON="), "No Python 3.11 or newer found")


def test_missing_venv_module_is_said(checkout: Path) -> None:
    result = make(checkout, "run", python(checkout, new_enough=True, has_venv=False))
    assert_sentence(result, "no venv module", "python3-venv")


@pytest.mark.parametrize("name", part_each_day([".venv", "var"]))
def test_folder_that_cannot_be_written_is_said(checkout: Path, name: str) -> None:
    (checkout / name).touch()
    assert_sentence(make(checkout, "run"), str(checkout), "cannot be written")


def test_ending_make_ends_what_it_runs(checkout: Path) -> None:
    programs = checkout / ".venv" / "bin"
    programs.mkdir(parents=True)
    (checkout / ".venv" / ".installed").touch()
    (programs / "python").write_text('#!/bin/sh\necho "on $PORT: $*"\nexec sleep 60\n')
    (programs / "python").chmod(0o755)
    with subprocess.Popen(
        ["make", "run", "PORT=8123"],  # noqa: S607  whichever make is on PATH
        cwd=checkout,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    ) as started:
        assert started.stdout
        assert started.stdout.readline() == "on 8123: -m config.run\n"
        running = psutil.Process(started.pid).children(recursive=True)
        assert running
        started.terminate()
        assert started.wait(10) != 0
        assert psutil.wait_procs(running, timeout=10)[1] == []


def test_help_names_every_target(checkout: Path) -> None:
    targets = (BASE_DIR / "Makefile").read_text().partition(".PHONY: ")[2].splitlines()[0].split()
    assert [line.split()[1] for line in make(checkout, "help").stdout.splitlines()] == targets

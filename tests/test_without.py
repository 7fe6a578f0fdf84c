"""Each capability can be taken out: the quick part of `make test-without`, and what that script decides."""

import os
import subprocess
import sys
from argparse import Namespace

import pytest

from config.settings import CAPABILITIES
from profiles.testing.installed import Refusing, is_of_an_app_that_is_out
from tests import without
from tests.without import ALL, ROOT

ALL_IN = pytest.mark.skipif("TAKEN_OUT" in os.environ, reason="asked for by the run that takes each out")


@ALL_IN
@pytest.mark.parametrize(
    ("which", "lines"),
    [
        pytest.param(["--two"], 2, marks=pytest.mark.slow),
        ([ALL], 1),
        pytest.param([], len(CAPABILITIES) + 1, marks=pytest.mark.slow),
    ],
    ids=["two that change daily", "all", "each"],
)
def test_checks_and_migrations_without(which, lines):
    command = [sys.executable, "-m", "tests.without", "--checks-only", *which]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    assert len(done.stdout.splitlines()) == lines


def test_what_requires_it_goes_too(monkeypatch):
    only(monkeypatch, {"stones": (), "tags": ("stones",), "clouds": ("tags",), "people": ()})
    assert without.taken_out("stones") == {"clouds", "stones", "tags"}
    assert without.taken_out("people") == {"people"}
    assert without.taken_out(ALL) == {"clouds", "stones", "people", "tags"}


def only(monkeypatch, requires: dict[str, tuple[str, ...]]) -> None:
    """There are only these capabilities, which require these."""
    monkeypatch.setattr(without, "CAPABILITIES", list(requires))
    monkeypatch.setattr(without, "find", lambda name: type(name, (), {"requires": requires[name]}))


def test_every_two_are_taken_apart_by_few_groups(monkeypatch):
    only(monkeypatch, {"first": (), **{f"app_{number}": ("first",) * (number < 3) for number in range(20)}})
    groups = without.groups()
    for out in without.CAPABILITIES:
        for left in set(without.CAPABILITIES) - without.taken_out(out):
            assert any(out in group and left not in group for group in groups), (out, left)
    assert all(without.taken_out(out) <= group for group in groups for out in group)
    assert len(groups) < 12


@ALL_IN
def test_suites_run_without_all_and_without_groups_and_migrations_without_each():
    parser = Namespace(names=[], checks_only=False, each=False, two=False)
    runs = without.runs(parser)
    each = [run for run in runs if run.commands is without.migrations]
    suites = [run for run in runs if run.commands is without.everything]
    assert len(runs) == len(each) + len(suites)
    assert [run.name for run in each] == CAPABILITIES
    assert suites[0].gone == set(CAPABILITIES)
    assert [run.gone for run in suites[1:]] == without.groups()
    assert [run.marked for run in suites] == ["not browser"] * (len(suites) - 1) + [""]


def test_a_name_that_is_taken_out_must_be_one():
    # The others are names, with a space and a comma too many.
    taken_out = "shared.gallery, profiles.nothing, shared.mailbox,"
    environment = os.environ | {"TAKEN_OUT": taken_out, "DJANGO_SETTINGS_MODULE": "config.settings"}
    done = subprocess.run(
        [sys.executable, "-c", "import config.settings"],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert "TAKEN_OUT names profiles.nothing, which is no capability of this product." in done.stderr


@pytest.mark.parametrize(
    "folder",
    [
        "tests/shared",
        "tests/receivers",
        "tests/profiles/people",
        "tests/nothing/at/all",
        "tests/bench/contestants",
        *(f"tests/{name.replace('.', '/')}" for name in CAPABILITIES),
    ],
)
def test_tests_of_what_is_installed_are_collected(folder):
    assert not is_of_an_app_that_is_out(ROOT / folder)


def test_tests_of_what_is_not_installed_are_left_out(settings, tmp_path):
    settings.BASE_DIR = tmp_path
    for app in ("stones", "profiles/gone"):
        (tmp_path / app).mkdir(parents=True)
        (tmp_path / app / "apps.py").touch()
    assert is_of_an_app_that_is_out(tmp_path / "stones" / "tests")
    assert is_of_an_app_that_is_out(tmp_path / "tests" / "profiles" / "gone")
    assert not is_of_an_app_that_is_out(tmp_path / "tests" / "profiles")
    assert not is_of_an_app_that_is_out(ROOT)


def test_modules_of_what_is_not_installed_are_not_imported(settings, tmp_path):
    settings.BASE_DIR = tmp_path
    (tmp_path / "profiles" / "gone").mkdir(parents=True)
    (tmp_path / "profiles" / "gone" / "apps.py").touch()
    refusing = Refusing()
    with pytest.raises(ImportError, match=r"profiles\.gone\.models is imported"):
        refusing.find_spec("profiles.gone.models", None)
    for name in ("profiles.gone", "profiles.gone.apps", "profiles.models", "tests.profiles.gone.helpers"):
        refusing.find_spec(name, None)


@pytest.mark.slow
def test_tests_in_a_browser_can_be_left_out():
    command = [sys.executable, "-m", "pytest", "--collect-only", "-q", "-p", "no:cacheprovider", "-m", "not browser"]
    done = subprocess.run([*command, "tests/browser"], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == pytest.ExitCode.NO_TESTS_COLLECTED, done.stdout

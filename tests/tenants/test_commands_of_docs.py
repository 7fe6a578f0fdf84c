"""The commands in docs/operations.md: each is understood as it is written, and those of whole sections are run."""

import re
import shlex
from collections.abc import Callable
from pathlib import Path

import pytest
from django.core.management import call_command, get_commands, load_command_class
from django.core.management.base import BaseCommand, CommandError

from profiles.testing import needs
from tenants.context import public
from tenants.models import Tenant
from tenants.schemas.spares import make_spare

PAGE = (Path(__file__).parents[2] / "docs" / "operations.md").read_text()
BLOCK = re.compile(r"^```console\n(.*?)^```", re.MULTILINE | re.DOTALL)
COMMAND = re.compile(r"^\$ (?:[A-Z_]+=\S+ )*(?:\.venv/bin/python )?manage\.py (.+)$", re.MULTILINE)


def commands_in(text: str) -> list[list[str]]:
    """The words of each, without comments."""
    lines = [line for block in BLOCK.findall(text) for line in COMMAND.findall(block)]
    return [shlex.split(line, comments=True) for line in lines]


def section(heading: str) -> list[list[str]]:
    found = commands_in(re.split(r"^## ", PAGE.partition(f"\n## {heading}\n")[2], maxsplit=1, flags=re.MULTILINE)[0])
    assert found, f"docs/operations.md has no commands under {heading!r}."
    return found


@pytest.fixture
def run(monkeypatch, tmp_path) -> Callable[[list[str]], None]:
    """Runs a command in an empty folder. If it asks for the slug, that is typed."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("builtins.input", lambda *_: "acme")

    def call(words: list[str]) -> None:
        call_command(*words)

    return call


def state(slug: str) -> str:
    with public():
        return Tenant.objects.get(slug=slug).state


INSTALLED = [words for words in commands_in(PAGE) if words[0] in get_commands()]  # the others' apps are taken out


@pytest.mark.parametrize("words", INSTALLED, ids=" ".join)
def test_is_understood(words):
    command = load_command_class(get_commands()[words[0]], words[0])
    assert isinstance(command, BaseCommand)
    command.create_parser("manage.py", words[0]).parse_args(words[1:])


def test_an_option_that_is_gone_is_noticed():
    [words] = commands_in("```console\n$ A=b manage.py migrate --tenant-name acme  # as the owner\n```\n")
    with pytest.raises(CommandError, match="unrecognized arguments: --tenant-name"):
        test_is_understood(words)


@pytest.mark.slow
@needs("profiles.exports")
def test_moving_is_done_as_written(acme, run, media):
    for words in section("Moving an organisation"):
        run(words)
    assert state("acme-again") == "active"


@needs("profiles.leaving")
def test_suspending_and_removing_are_done_as_written(acme, run, media):
    """What is removed is not held before: so the removal comes behind the block on holding."""
    last = ["remove_organisation", "removal_certificate"]
    states = {}
    for words in sorted(section("Suspending and removing"), key=lambda words: words[0] in last):
        run(words)
        states[words[0]] = state("acme")
    assert states["suspend_organisation"] == "suspended"
    assert states["resume_organisation"] == "active"
    assert states["remove_organisation"] == "removed"


@needs("profiles.operators")
def test_the_console_is_begun_as_written(db, run):
    make_spare()
    for words in section("The console"):
        run(words)
    with public():
        assert Tenant.objects.get(is_operators=True).slug == "staff"

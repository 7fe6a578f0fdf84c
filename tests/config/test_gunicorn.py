"""What gunicorn's main process does before it starts workers."""

import subprocess
import sys
from pathlib import Path

import pytest
from django.apps import apps

from tests.gunicorn import ROOT, environment

ANSWERING = {"profiles.scim": "profiles.scim.protocol", "profiles.assistants": "profiles.assistants.answers"}


@pytest.fixture
def started(tmp_path: Path) -> list[str]:
    """How many objects garbage is not looked for in, and the modules that are there."""
    code = "import gc, sys; from config import gunicorn; gunicorn.on_starting(None)"
    code = f"{code}; print(gc.get_freeze_count(), *sys.modules)"
    # A line of the log would import the views too, to know the addresses with secrets.
    mine = environment(tmp_path, LOG_LEVEL="WARNING")
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, env=mine, capture_output=True, text=True, check=True)
    return done.stdout.split()


@pytest.mark.slow
def test_workers_share_the_memory_of_all_views(acme: object, started: list[str]) -> None:
    number, *modules = started
    expected = {module for app, module in ANSWERING.items() if apps.is_installed(app)}
    assert {"profiles.people.views", "config.public_urls", *expected} <= set(modules)
    assert int(number) > 50_000, "Each worker would get a copy of what it looks through for garbage."

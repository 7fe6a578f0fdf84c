"""After one process has changed the directory, another one answers correctly at once."""

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connection

from profiles.testing import new_organisation
from tenants.models import Tenant
from tenants.organisations.rename import rename
from tenants.organisations.suspend import resume, suspend

ROOT = Path(__file__).parents[3]
LOGIN = "302 /account/login/?next=/"
Ask = Callable[[str], str]


@pytest.fixture
def other(committed: None) -> Iterator[Ask]:
    """Status and target of the front page at a slug, in a separate process, whose cache is never emptied."""
    environment = os.environ | {"ALLOWED_HOSTS": ".localhost", "BASE_URL": settings.BASE_URL}
    command = [sys.executable, "-m", "tests.tenants.serving.another_process", str(connection.settings_dict["NAME"])]
    pipe = subprocess.PIPE
    with subprocess.Popen(command, cwd=ROOT, env=environment, stdin=pipe, stdout=pipe, text=True) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        reader, writer = process.stdout, process.stdin

        def ask(slug: str) -> str:
            writer.write(f"{slug}.localhost\n")
            writer.flush()
            return reader.readline().strip()

        yield ask
        writer.close()


@pytest.mark.slow
def test_an_address_that_was_asked_for_before_it_was_signed_up(other):
    assert other("impatient") == "404"
    new_organisation("impatient")
    assert other("impatient") == LOGIN


@pytest.mark.slow
def test_an_address_to_and_from_which_an_organisation_moves(other):
    """In both directions, there is no redirect loop."""
    tenant = new_organisation("first")
    assert [other("first"), other("second")] == [LOGIN, "404"]
    rename(tenant, slug="second")
    assert other("second") == LOGIN
    rename(tenant, slug="first")
    assert other("first") == LOGIN
    rename(tenant, slug="third")
    assert other("third") == LOGIN
    rename(tenant, slug="second")
    assert other("second") == LOGIN


@pytest.mark.slow
def test_an_organisation_that_is_resumed_or_migrated(other):
    tenant = new_organisation("resting")
    suspend(tenant)
    assert other("resting") == "403"
    resume(tenant)
    assert other("resting") == LOGIN
    late = new_organisation("late")
    Tenant.objects.filter(pk=late.pk).update(fingerprint="")
    assert other("late") == "503"
    Tenant.objects.filter(pk=late.pk).update(fingerprint=late.fingerprint)
    assert other("late") == LOGIN

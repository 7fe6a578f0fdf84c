"""What django-tenants' own commands say here."""

import sys
from subprocess import PIPE, run

import pytest
from django.core.management import CommandError, call_command

REFUSED = [
    "migrate_schemas",
    "create_tenant",
    "clone_tenant",
    "create_missing_schemas",
    "rename_schema",
    "create_tenant_superuser",
    "createsuperuser",
]


@pytest.mark.parametrize("name", REFUSED)
def test_command_that_goes_around_says_what_to_use(name: str) -> None:
    with pytest.raises(CommandError, match="Not here: "):
        call_command(name)


def test_options_of_the_original_are_no_obstacle() -> None:
    command = [sys.executable, "manage.py", "migrate_schemas", "--executor=multiprocessing", "--shared"]
    result = run(command, stderr=PIPE, text=True, check=False)
    assert result.returncode == 1
    assert "`manage.py migrate`" in result.stderr
    assert "Traceback" not in result.stderr

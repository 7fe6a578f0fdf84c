"""What refused commands say, with any arguments. Which they are: test_every_command.py."""

import sys
from subprocess import PIPE, run

import pytest


@pytest.mark.slow
def test_options_of_the_original_are_no_obstacle() -> None:
    command = [sys.executable, "manage.py", "migrate_schemas", "--executor=multiprocessing", "--shared"]
    result = run(command, stderr=PIPE, text=True, check=False)
    assert result.returncode == 1
    assert "`manage.py migrate`" in result.stderr
    assert "Traceback" not in result.stderr

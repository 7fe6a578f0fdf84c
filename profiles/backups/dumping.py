"""pg_dump of one schema, for BACKUP_WITH=pg_dump: write_dump()."""

import os
import re
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, cast

from django.conf import settings
from django.db import connection
from psycopg.conninfo import make_conninfo

from profiles.backups.errors import CannotBackUp
from tenants.context import OWNER
from tenants.models import Tenant


def check_program() -> None:
    """Raises CannotBackUp if backups are to be taken with a pg_dump that cannot be used."""
    if settings.BACKUP_WITH == "pg_dump":
        program()


def program() -> str:
    """The pg_dump of the setting; or the one beside the psql of this server; or the one on the PATH.

    Raises CannotBackUp if it is missing, or older than the server: it would not know all that the server has.
    """
    path = settings.PG_DUMP or str(Path(str(connection.client.executable_name)).with_name("pg_dump"))
    try:
        told = subprocess.run([path, "--version"], capture_output=True, text=True, check=True).stdout
    except (OSError, subprocess.SubprocessError) as error:
        raise CannotBackUp(f"{path} cannot be run. Install it, or set PG_DUMP to its path.") from error
    found = int(re.findall(r"\d+", told.partition(")")[2])[0])  # pg_dump (PostgreSQL) 18.4
    connection.ensure_connection()
    needed = connection.connection.info.server_version // 10_000
    if found < needed:
        raise CannotBackUp(
            f"{path} is version {found}, and the server {needed}. "
            f"Install version {needed} or newer, or set PG_DUMP to its path."
        )
    return path


def write_dump(tenant: Tenant, out: IO[bytes]) -> None:
    """The SQL that makes this schema with its rows, in the snapshot of this transaction. Raises CannotBackUp."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_export_snapshot()")
        [snapshot] = cursor.fetchone()
    with dumped(tenant.schema_name, snapshot) as sql:
        shutil.copyfileobj(sql, out)


@contextmanager
def dumped(schema_name: str, snapshot: str) -> Iterator[IO[bytes]]:
    """The SQL that makes this schema with its rows, as they are in this snapshot, to be read to its end.

    pg_dump locks the tables of this one schema. Raises CannotBackUp with its last words.
    """
    info = connection.connection.info
    rights = [f"--role={OWNER}"] if settings.DATABASE_ROLES else ["--no-privileges"]
    command = [
        *(program(), f"--dbname={make_conninfo(**info.get_parameters())}", "--no-owner", *rights),
        *(f"--schema={schema_name}", f"--snapshot={snapshot}", "--lock-wait-timeout=60s", "--no-password"),
    ]
    environment = os.environ | ({"PGPASSWORD": info.password} if info.password else {})
    with tempfile.TemporaryFile() as errors:
        process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=errors, env=environment)
        output = cast("IO[bytes]", process.stdout)
        try:
            yield output
        except BaseException:
            process.kill()
            raise
        finally:
            output.close()
            status = process.wait()
        if status:
            errors.seek(0)
            said = errors.read().decode(errors="replace").strip().splitlines() or [f"status {status}"]
            raise CannotBackUp(f"pg_dump failed: {said[-1]}")

"""The bundled server: creates its data, starts it, checks whether it answers, and stops it."""

import hashlib
import os
import shlex
import shutil
import sys
import time
from functools import cached_property
from pathlib import Path
from typing import Any

import psycopg
from psycopg import sql
from psycopg.conninfo import make_conninfo
from psycopg.pq import PGconn, Ping

from config import brand, postgres
from config.bundled.account import make_folder, open_the_way, owner_for
from config.bundled.pid_file import PidFile
from config.bundled.programs import PROGRAMS, VERSION, run_program
from config.database import DatabaseUnavailable

SUPERUSER = "postgres"
LOGIN = brand.SLUG
ROLES = Path(postgres.__file__).with_name("roles.sql")
EXTENSIONS = ROLES.with_name("extensions.sql")
PORT = 5432
SETTINGS = {
    "listen_addresses": "",
    "port": PORT,
    "max_connections": 200,
    # One transaction may lock all tables of one schema, or of many.
    "max_locks_per_transaction": 256,
}
if sys.platform == "linux":
    # After a crash, sync all files with one call, not with one for each of very many files.
    # https://www.postgresql.org/docs/current/runtime-config-error-handling.html#GUC-RECOVERY-INIT-SYNC-METHOD
    SETTINGS["recovery_init_sync_method"] = "syncfs"
# The longest path of a socket: 107 bytes on Linux, 103 on macOS.
LONGEST_SOCKET_PATH = 103
# How long the server may not respond at all. While it reports that it starts or recovers, there is no limit.
START_SECONDS = 300
# After a crash, workers outlive their server for a moment, and no new server can start until they have ended.
CRASH_SECONDS = 10


# A file in the data folder with the SLUG of its product.
PRODUCT = "product"


def product_of(data: Path) -> str | None:
    """The SLUG of the product that the data is of; None if there is none, or none that says it."""
    try:
        return (data / PRODUCT).read_text()
    except OSError:  # A folder that cannot be read is reported when the server is to start.
        return None


class Server:
    """One data folder and the PostgreSQL on it. One caller at a time starts and stops it: see lease.py."""

    def __init__(self, data: Path) -> None:
        self.data = data
        self.log = data / "log"
        self.pid_file = PidFile(data)

    @cached_property
    def owner(self) -> int | None:
        """The user id that the server runs as; None for the user's own."""
        return owner_for(self.data)

    @cached_property
    def socket_folder(self) -> Path:
        """The folder of the socket: the data folder, unless its path is unsuitable for a socket."""
        short = len(os.fsencode(self.data / f".s.PGSQL.{PORT}")) <= LONGEST_SOCKET_PATH
        if short and "," not in str(self.data):  # which separates hosts for libpq
            return self.data
        # Not $TMPDIR: processes with different environments have to find it.
        name = f"{brand.SLUG}-{hashlib.sha256(os.fsencode(self.data)).hexdigest()[:16]}"
        return Path("/tmp", name)  # noqa: S108  see above; no other account can enter it (make_folder)

    def parameters(self, dbname: str, user: str = LOGIN) -> dict[str, Any]:
        """What libpq needs to connect."""
        return {"host": str(self.socket_folder), "port": PORT, "user": user, "dbname": dbname}

    def answers(self) -> bool:
        """Does it accept connections now?"""
        return self._ping() == Ping.OK

    def says_something(self) -> bool:
        """Does it accept connections, or respond that it is starting, recovering or stopping?"""
        return self._ping() in (Ping.OK, Ping.REJECT)

    def _ping(self) -> Ping:
        return Ping(PGconn.ping(make_conninfo(**self.parameters(SUPERUSER, SUPERUSER)).encode()))

    def ensure_running(self) -> None:
        """Start the server if needed and wait until it accepts connections, however long it recovers. Raises
        DatabaseUnavailable, with the reason, if it cannot.
        """
        self._make_data()
        began = heard = time.monotonic()
        patience = CRASH_SECONDS if self.pid_file.exists() else 0
        while not self.answers():
            try:
                if not self.pid_file.is_alive():
                    self._start()
            except DatabaseUnavailable as error:
                # pg_ctl gives up after START_SECONDS. Do not stop a server that is recovering: it would have to
                # recover from the beginning.
                if not self.says_something() and time.monotonic() > began + patience:
                    raise DatabaseUnavailable(f"{error} Its log is {self.log}.") from error
            if self.says_something():
                heard = time.monotonic()
            if time.monotonic() > heard + START_SECONDS:
                raise DatabaseUnavailable(f"The bundled PostgreSQL does not answer. Its log is {self.log}.")
            time.sleep(0.02)

    def ensure_database(self, name: str) -> None:
        """Create the database if it is missing, with the roles that its schemas need."""
        with psycopg.connect(**self.parameters(SUPERUSER, SUPERUSER), autocommit=True) as connection:
            if connection.execute("SELECT FROM pg_database WHERE datname = %s", [name]).rowcount:
                return
            # It is renamed when it is complete, so that a killed start leaves no incomplete database of this name.
            new = sql.Identifier(f"{name}.new")
            connection.execute(sql.SQL("DROP DATABASE IF EXISTS {}").format(new))
            connection.execute(sql.SQL("CREATE DATABASE {}").format(new))
            self._make_roles(f"{name}.new")
            connection.execute(sql.SQL("ALTER DATABASE {} RENAME TO {}").format(new, sql.Identifier(name)))

    def make_extension(self, database: str, name: str) -> None:
        """Create an extension for all organisations; see tenants/isolation/extensions.py."""
        self._psql(database, "--variable", f"extension={name}", f"--file={EXTENSIONS}")

    def _make_roles(self, database: str) -> None:
        names = ("--variable", f"login={LOGIN}", "--variable", f"prefix={brand.SLUG}")
        self._psql(database, *names, f"--file={ROLES}")

    def _psql(self, database: str, *arguments: str) -> None:
        """Run an SQL file that an operator runs on any other server."""
        address = (f"--host={self.socket_folder}", f"--port={PORT}", f"--username={SUPERUSER}", f"--dbname={database}")
        run_program("psql", "--no-psqlrc", "--quiet", *address, *arguments)

    def stop(self) -> None:
        """Stop the server, even with open connections, after writing all committed data to disk."""
        if not self.pid_file.is_alive():
            return
        try:
            self._pg_ctl("stop", "--mode=fast")
        except DatabaseUnavailable:
            self._pg_ctl("stop", "--mode=immediate")
        if self.socket_folder != self.data:
            self.socket_folder.rmdir()

    def _make_data(self) -> None:
        """Create the data folder, and move it into place when it is complete, in case initdb is killed."""
        if self.owner is not None:
            open_the_way(self.data)
            open_the_way(PROGRAMS / "postgres")
        if not self.data.exists():
            new = self.data.with_name(f"{self.data.name}.new")
            shutil.rmtree(new, ignore_errors=True)
            make_folder(new, self.owner)
            self._initdb(new)
            new.rename(self.data)
        found = (self.data / "PG_VERSION").read_text().strip()
        if found != str(VERSION):
            raise DatabaseUnavailable(f"{self.data} was made by PostgreSQL {found}; the bundled one is {VERSION}.")
        if product_of(self.data) is None:
            (self.data / PRODUCT).write_text(brand.SLUG)

    def _initdb(self, folder: Path) -> None:
        """Uses PostgreSQL's builtin UTF-8 locale, which is the same on every system: the wheel has no ICU."""
        locale = ("--no-locale", "--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--encoding=UTF8")
        access = ("--username", SUPERUSER, "--auth=trust")
        run_program("initdb", "--pgdata", str(folder), *access, *locale, owner=self.owner)

    def _start(self) -> None:
        self.pid_file.forget_recycled()
        make_folder(self.socket_folder, self.owner)
        settings = SETTINGS | {"unix_socket_directories": f'"{self.socket_folder}"'}
        options = [f"-c {name}={shlex.quote(str(value))}" for name, value in settings.items()]
        options.append(os.environ.get("BUNDLED_OPTIONS", ""))
        self._pg_ctl("start", f"--timeout={START_SECONDS}", f"--log={self.log}", f"--options={' '.join(options)}")

    def _pg_ctl(self, action: str, *arguments: str) -> None:
        run_program("pg_ctl", action, "--wait", f"--pgdata={self.data}", *arguments, owner=self.owner)

"""A coordinator and two workers, each a PostgreSQL with Citus, on loopback and in a temporary folder."""

import os
import shlex
import shutil
import socket
import subprocess
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from tempfile import mkdtemp
from typing import Any, LiteralString

import psycopg
from psycopg import sql

from config import postgres
from config.bundled.account import as_account, open_the_way, owner_for
from config.bundled.server import LOGIN, SETTINGS, SUPERUSER

ROLES = Path(postgres.__file__).with_name("roles.sql")
NODES = Path(__file__).resolve().parents[2] / "tenants/nodes/nodes.sql"
NAMES = ("coordinator", "worker1", "worker2")
LOCALE = ("--no-locale", "--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--encoding=UTF8")
FOR_CITUS = {
    "shared_preload_libraries": "citus",
    "wal_level": "logical",
    "listen_addresses": "127.0.0.1",
    "max_worker_processes": 32,
    "max_prepared_transactions": 200,
    "citus.node_conninfo": "sslmode=disable",
    "citus.stat_statements_track": "none",
    "citus.logical_replication_timeout": "15s",
    # What a test has committed need not outlive the machine.
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
}
# As docs/nodes.md has it: from other servers, the roles of organisations come to workers alone.
ACCESS = "local all all trust\nhost all all 127.0.0.1/32 trust\n"


def engine() -> Path | None:
    """The folder of the engine's programs, if CITUS_HOME names one."""
    home = os.environ.get("CITUS_HOME", "")
    return Path(home).resolve() / "bin" if home and Path(home, "bin", "postgres").exists() else None


class Node:
    """One PostgreSQL."""

    def __init__(self, programs: Path, folder: Path, name: str, port: int) -> None:
        self.programs, self.data, self.name, self.port = programs, folder / name, name, port
        self.owner = owner_for(folder)

    def make(self) -> None:
        self.run("initdb", "--pgdata", str(self.data), "--username", SUPERUSER, "--auth=trust", "--no-sync", *LOCALE)
        (self.data / "pg_hba.conf").write_text(ACCESS)

    def start(self, **more: Any) -> None:
        settings = SETTINGS | FOR_CITUS | {"port": self.port, "unix_socket_directories": self.data} | more
        options = " ".join(f"-c {name}={shlex.quote(str(value))}" for name, value in settings.items())
        self.run("pg_ctl", "start", "--wait", f"--pgdata={self.data}", f"--log={self.data}/log", f"--options={options}")

    def is_running(self) -> bool:
        return (self.data / "postmaster.pid").exists()

    def stop(self, mode: str = "immediate") -> None:
        if self.is_running():
            self.run("pg_ctl", "stop", "--wait", f"--pgdata={self.data}", f"--mode={mode}")

    def run(self, program: str, *arguments: str) -> None:
        command = [str(self.programs / program), *arguments]
        done = subprocess.run(
            command,
            capture_output=True,
            text=True,
            cwd="/",
            start_new_session=True,
            check=False,
            **as_account(self.owner),
        )
        if done.returncode:
            raise RuntimeError(f"{program} of {self.name}: {done.stdout[-500:]} {done.stderr[-500:]}")

    def url(self, database: str, user: str = LOGIN) -> str:
        return f"postgres://{user}@127.0.0.1:{self.port}/{database}"

    def connect(self, database: str = SUPERUSER, user: str = SUPERUSER) -> psycopg.Connection:
        return psycopg.connect(self.url(database, user), autocommit=True)

    def query(self, query: LiteralString, values: Any = None, database: str = SUPERUSER) -> list[Any]:
        with self.connect(database) as connection:
            return connection.execute(query, values).fetchall()

    def make_database(self, name: str) -> None:
        """An empty one, with the roles that the schemas need."""
        with self.connect() as connection:
            connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
        self.script(ROLES, name)

    def script(self, file: Path, database: str, *variables: str) -> None:
        """Run an SQL file as an operator does."""
        psql = (f"--file={file}", "--no-psqlrc", "--quiet", f"--username={SUPERUSER}", f"--dbname={database}")
        text = [f"--variable={each}" for each in (f"login={LOGIN}", f"prefix={LOGIN}", *variables)]
        self.run("psql", f"--host={self.data}", f"--port={self.port}", *psql, *text)


class Cluster:
    """`nodes[0]` is the coordinator."""

    def __init__(self, programs: Path, folder: Path, ports: Sequence[int]) -> None:
        self.folder = folder
        self.nodes = [Node(programs, folder, name, port) for name, port in zip(NAMES, ports, strict=True)]

    @classmethod
    def of_environment(cls, environment: Mapping[str, str]) -> "Cluster":
        """The one of a parent process."""
        programs = engine()
        assert programs is not None
        ports = [int(port) for port in environment["NODES_PORTS"].split(",")]
        return cls(programs, Path(environment["NODES_FOLDER"]), ports)

    def environment(self) -> dict[str, str]:
        """What a process needs to find this cluster."""
        return {
            "CITUS": "on",
            "NODES_FOLDER": str(self.folder),
            "NODES_PORTS": ",".join(str(node.port) for node in self.nodes),
            "DATABASE_URL": self.coordinator.url(LOGIN),
        }

    @property
    def coordinator(self) -> Node:
        return self.nodes[0]

    @property
    def workers(self) -> list[Node]:
        return self.nodes[1:]

    def start(self) -> None:
        for node in self.nodes:
            node.make()
            node.start()
            node.script(ROLES, SUPERUSER)

    def stop(self) -> None:
        for node in self.nodes:
            node.stop()

    def make_database(self, name: str) -> None:
        """An empty database on all nodes, with the roles that the schemas need."""
        self.coordinator.make_database(name)
        self.spread(name)

    def spread(self, name: str) -> None:
        """Make a database that is on the coordinator one of all nodes."""
        for node in self.workers:
            node.make_database(name)
        self.join(name)

    def drop_database(self, name: str) -> None:
        """On all nodes, with the sessions by which they keep in touch."""
        for node in self.nodes:
            with node.connect() as connection:
                connection.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))

    def join(self, name: str) -> None:
        """Make the nodes' databases of this name one."""
        for node in self.nodes:
            node.script(NODES, name, *(() if node is self.coordinator else ("worker=yes",)))
        with self.coordinator.connect(name) as connection:
            connection.execute("SELECT citus_set_coordinator_host('127.0.0.1', %s)", [self.coordinator.port])
            for node in self.workers:
                connection.execute("SELECT citus_add_node('127.0.0.1', %s)", [node.port])
            connection.execute(
                "SELECT citus_set_node_property('127.0.0.1', %s, 'shouldhaveshards', true)", [self.coordinator.port]
            )


@contextmanager
def running() -> Iterator[Cluster]:
    """A cluster of this run. Raises RuntimeError without an engine."""
    programs = engine()
    if programs is None:
        raise RuntimeError("CITUS_HOME names no PostgreSQL with Citus.")
    folder = Path(mkdtemp(prefix="tenantry-nodes-"))
    owner = owner_for(folder / "none")
    if owner is not None:
        os.chown(folder, owner, -1)
        open_the_way(programs / "postgres")
    cluster = Cluster(programs, folder, [free_port() for _ in NAMES])
    try:
        cluster.start()
        yield cluster
    finally:
        cluster.stop()
        shutil.rmtree(folder, ignore_errors=True)


def free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])

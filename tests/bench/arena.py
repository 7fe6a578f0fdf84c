"""Where the contestants meet: one PostgreSQL, a database and a process for each, and their organisations."""

import os
from collections.abc import Iterable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from fcntl import LOCK_EX, LOCK_NB, flock
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from urllib.parse import quote

import psycopg
from psycopg import sql

from config.bundled.lease import data_folder, running_server
from config.bundled.programs import PROGRAMS
from config.bundled.server import LOGIN, SUPERUSER
from tests.bench.contestants.seats import Seat
from tests.bench.figures import ALL, PLAIN, PLAIN_FAST, TENANTRY
from tests.bench.processes import BY_THREADS, BenchFailed, Inside, WebServer, run_to_its_end, serving

# The first organisation's directory has a full page and a second one; the others only have to have people.
PEOPLE = [30, 3]
# Tenantry once more, in a database of its own: a burst of sign-ups leaves more organisations than are measured.
BURST = "burst"
# And once more, with files that take no room.
MOVING = "moving"
EVERYONE = (*ALL, BURST, MOVING)


@dataclass(frozen=True)
class Size:
    """How much is measured."""

    organisations: int
    # Of plain django-tenants by its defaults, which migrates one after the other.
    few: int
    rounds: int
    requests: int
    # Seconds of a flood, in each round.
    flood: float
    # Rounds of migrating; tests/bench/migrations/columns has three.
    columns: int
    # In the largest file of members, and in the organisation that is exported.
    members: int
    # Of files there.
    gibibytes: int

    def of(self, name: str) -> int:
        """How many organisations a contestant has in the end."""
        return self.organisations if name in (PLAIN_FAST, TENANTRY) else self.few


ROLES_OF_SCHEMAS = r"SELECT rolname FROM pg_roles JOIN pg_namespace ON nspname = rolname WHERE rolname LIKE 't\_%%'"


class Arena:
    """Everything that is set up, and is gone when the stack is closed."""

    def __init__(self, size: Size, stack: ExitStack) -> None:
        self.size = size
        self.folder = Path(stack.enter_context(TemporaryDirectory(prefix="tenantry-bench-")))
        stack.enter_context(only_one("bench"))
        self.server = running_server(data_folder())
        stack.callback(self.drop_all)
        self.drop_all()
        for name in EVERYONE:
            self.server.ensure_database(f"bench_{name}")
        self.insides = {name: Inside(name, self.environment(name), self.folder / f"{name}.log") for name in EVERYONE}
        for inside in self.insides.values():
            stack.callback(inside.close)
        self._seats: dict[str, list[Seat]] = {}

    def prepare(self) -> None:
        """Tables, templates and static files."""
        self.manage(TENANTRY, "collectstatic", "--noinput")
        self.all_at_once("prepare", {name: {} for name in EVERYONE})

    def grow(self) -> None:
        """All organisations, with people. Raises BenchFailed if replayed ones are not like migrated ones."""
        if differences := self.ask(PLAIN, "differences"):
            raise BenchFailed(f"Replayed plain organisations are not like migrated ones: {differences[:20]}")
        sizes = {name: {"organisations": self.size.of(name), "people": PEOPLE} for name in ALL}
        self._seats = self.all_at_once("grow", sizes)
        self.execute(sql.SQL("CHECKPOINT"))

    @property
    def has_grown(self) -> bool:
        return bool(self._seats)

    def seats(self, name: str) -> list[Seat]:
        return self._seats[name]

    def ask(self, name: str, do: str, **arguments: Any) -> Any:
        """Have a contestant do something in its own process."""
        return self.all_at_once(do, {name: arguments})[name]

    def all_at_once(self, do: str, arguments: Mapping[str, Mapping[str, Any]]) -> dict[str, Any]:
        """Have several contestants do it at the same time: only for what is not measured."""
        for name, own in arguments.items():
            self.insides[name].tell(do, **own)
        return {name: self.insides[name].hear() for name in arguments}

    def manage(self, name: str, *arguments: str, columns: int = 0) -> float:
        """Seconds of a command of manage.py, from start to end."""
        return run_to_its_end(
            ["manage.py", *arguments], self.environment(name, columns=columns), self.folder / f"{name}.log"
        )

    @contextmanager
    def web(
        self, options: str, *, database_of: str, threads: int, way: tuple[str, str] = BY_THREADS
    ) -> Iterator[WebServer]:
        """A web server with one contestant's options on its own or another's database."""
        environment = self.environment(database_of, options=options)
        with serving(environment, threads, self.folder / f"web-{options}.log", way) as server:
            yield server

    def backends(self, name: str) -> list[int]:
        """PostgreSQL's processes behind the connections to a contestant's database."""
        query = "SELECT pid FROM pg_stat_activity WHERE datname = %s AND backend_type = 'client backend'"
        return [row[0] for row in self.query(query, [f"bench_{name}"])]

    def query(self, query: str, parameters: list[Any], name: str = "postgres") -> list[Any]:
        with psycopg.connect(**self.server.parameters(name, SUPERUSER)) as connection:
            return connection.execute(query, parameters).fetchall()

    def execute(self, *statements: sql.SQL | sql.Composed) -> None:
        with psycopg.connect(**self.server.parameters(SUPERUSER, SUPERUSER), autocommit=True) as connection:
            for statement in statements:
                connection.execute(statement)

    def drop_all(self) -> None:
        for name in EVERYONE:
            self.drop(name)

    def drop(self, name: str) -> None:
        """Take a database of this run, or of one that was killed, away, and the roles that were for it."""
        # One that a killed run had begun to drop can be dropped, and no longer be asked.
        for (is_whole,) in self.query(
            "SELECT datconnlimit <> -2 FROM pg_database WHERE datname = %s", [f"bench_{name}"]
        ):
            roles = [row[0] for row in self.query(ROLES_OF_SCHEMAS, [], f"bench_{name}")] if is_whole else []
            self.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(database(name)))
            self.execute(*(sql.SQL("DROP ROLE {}").format(sql.Identifier(role)) for role in roles))

    def environment(self, name: str, *, options: str = "", columns: int = 0) -> dict[str, str]:
        """A contestant's settings and database, and what is the same for all."""
        # The other contestants' tables belong to their login, as usual without database roles.
        where = self.server.parameters(f"bench_{name}", LOGIN if name in (TENANTRY, BURST, MOVING) else SUPERUSER)
        host = quote(where["host"], safe="")
        return os.environ | {
            "DJANGO_SETTINGS_MODULE": f"tests.bench.settings.{options or name}",
            "DATABASE_URL": f"postgres://{where['user']}@{host}:{where['port']}/{where['dbname']}",
            "ENVIRONMENT": "development",
            "DEBUG": "0",
            "BASE_URL": "http://localhost",
            "ALLOWED_HOSTS": ".localhost",
            "LOG_LEVEL": "WARNING",
            "STATIC_ROOT": str(self.folder / "static"),
            "MEDIA_ROOT": str(self.folder / "media"),
            "PG_DUMP": str(PROGRAMS / "pg_dump"),
            "BACKUP_URL": str(self.folder / "backups"),
            "MAILBOX_DIR": str(self.folder / "mail"),
            "BENCH_COLUMNS": str(columns) if columns else "",
        }


def database(name: str) -> sql.Identifier:
    return sql.Identifier(f"bench_{name}")


def by_turns(names: Iterable[str], number: int) -> list[str]:
    """The names in another order in each round: no one is always first."""
    ordered = list(names)
    at = number % len(ordered)
    return ordered[at:] + ordered[:at]


@contextmanager
def only_one(kind: str) -> Iterator[None]:
    """Two at once would drop each other's databases. Raises BenchFailed if another one runs."""
    path = data_folder().with_suffix(f".{kind}")
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w") as file:
        try:
            flock(file, LOCK_EX | LOCK_NB)
        except BlockingIOError:
            raise BenchFailed(f"Another {kind} runs on {data_folder()}. Wait until it has finished.") from None
        yield

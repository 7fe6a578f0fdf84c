"""Behind PgBouncer: a pooler that does not track search_path is refused, since it would mix tenants."""

import os
import pwd
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import psycopg
import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from psycopg.pq import TransactionStatus

from config.database import pool
from tenants.backend import pooler
from tenants.backend.pooler import address, refuse_unsafe_pooler, tracks_search_path
from tenants.errors import UnsafePooler
from tenants.models import Tenant

# Debian's, which is too old to track; TRACKING_PGBOUNCER names one that can.
PGBOUNCER = shutil.which("pgbouncer", path=f"{os.environ.get('PATH', '')}:/usr/sbin")

needs_pgbouncer = pytest.mark.skipif(PGBOUNCER is None, reason="no PgBouncer found; Debian has it as pgbouncer")


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@pytest.fixture
def without_roles(settings: Any) -> None:
    settings.DATABASE_ROLES = False


@pytest.fixture
def pgbouncer(committed: None) -> Iterator[dict[str, object]]:
    """PgBouncer in transaction mode before the tests' server; where to connect."""
    yield from running(str(PGBOUNCER))


def running(program: str, *settings: str) -> Iterator[dict[str, object]]:
    parameters = connection.get_connection_params()
    folder = Path(str(parameters["host"]))
    owner = folder.stat().st_uid
    port = free_port()
    with TemporaryDirectory(prefix="pgbouncer-") as own:
        configuration = Path(own) / "pgbouncer.ini"
        configuration.write_text(
            f"[databases]\n* = host={folder} port={parameters['port']} user={parameters['user']}\n"
            f"[pgbouncer]\nlisten_addr = 127.0.0.1\nlisten_port = {port}\nunix_socket_dir =\n"
            "auth_type = any\npool_mode = transaction\n" + "\n".join(settings)
        )
        Path(own).chmod(0o755)  # PgBouncer runs as the server's account, and reads it there.
        as_owner: dict[str, Any] = {"user": owner, "group": pwd.getpwuid(owner).pw_gid} if os.geteuid() == 0 else {}
        process = subprocess.Popen([program, "-q", str(configuration)], stderr=subprocess.DEVNULL, **as_owner)
        try:
            yield wait_for({**parameters, "host": "127.0.0.1", "port": port})
        finally:
            process.terminate()
            process.wait(5)


def wait_for(parameters: dict[str, object]) -> dict[str, object]:
    for _ in range(100):
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", int(str(parameters["port"])))) == 0:
                return parameters
        time.sleep(0.05)
    raise AssertionError("PgBouncer did not start.")


def open_connection(parameters: dict[str, object]) -> psycopg.Connection:
    wanted = {key: parameters[key] for key in ("host", "port", "user", "dbname")}
    return psycopg.connect(**wanted, prepare_threshold=None)  # type: ignore[arg-type]


@needs_pgbouncer
def test_no_pooler_is_served_with_database_roles(pgbouncer: dict[str, object]) -> None:
    with open_connection(pgbouncer) as pooled, pytest.raises(UnsafePooler, match="DATABASE_ROLES=off"):
        refuse_unsafe_pooler(pooled, pgbouncer)


@needs_pgbouncer
def test_because_what_one_client_is_another_becomes(
    pgbouncer: dict[str, object], acme_and_globex: list[Tenant]
) -> None:
    with open_connection(pgbouncer) as one, open_connection(pgbouncer) as other:
        one.autocommit = other.autocommit = True
        schema = acme_and_globex[0].schema_name
        one.execute("SELECT set_config('role', %s, false)", [schema])
        assert other.execute("SELECT current_user").fetchone() == (schema,)


@needs_pgbouncer
def test_pooler_that_does_not_track_is_refused(pgbouncer: dict[str, object], without_roles: None) -> None:
    with open_connection(pgbouncer) as pooled, pytest.raises(UnsafePooler, match="track_extra_parameters"):
        refuse_unsafe_pooler(pooled, pgbouncer)


@needs_pgbouncer
def test_one_that_ignores_what_it_cannot_track_is_refused_too(committed: None, without_roles: None) -> None:
    for parameters in running(str(PGBOUNCER), "ignore_startup_parameters = options"):
        with open_connection(parameters) as pooled, pytest.raises(UnsafePooler):
            refuse_unsafe_pooler(pooled, parameters)


@pytest.mark.skipif(
    "TRACKING_PGBOUNCER" not in os.environ, reason="TRACKING_PGBOUNCER names no PgBouncer 1.25 or newer"
)
@pytest.mark.parametrize("options", [{}, {"pool": pool(size=1, lifetime=60, wait=5)}], ids=["alone", "in a pool"])
def test_pooler_that_tracks_is_served(
    committed: None, without_roles: None, options: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    for parameters in running(os.environ["TRACKING_PGBOUNCER"], "track_extra_parameters = search_path"):
        other = connection.copy(alias="behind it")
        other.settings_dict["OPTIONS"] = options
        monkeypatch.setattr(other, "get_connection_params", parameters.copy)
        with other.cursor() as cursor:
            cursor.execute("SELECT current_schema()")
            assert cursor.fetchone() == ("public",)
        other.close()
        other.close_pool()  # type: ignore[attr-defined]
    for parameters in running(os.environ["TRACKING_PGBOUNCER"]):
        with open_connection(parameters) as pooled, pytest.raises(UnsafePooler):
            refuse_unsafe_pooler(pooled, parameters)


@needs_pgbouncer
def test_such_a_pooler_would_mix_tenants(pgbouncer: dict[str, object]) -> None:
    """The reason: one client sets a value, and another one gets it."""
    with open_connection(pgbouncer) as one, open_connection(pgbouncer) as other:
        one.autocommit = other.autocommit = True
        one.execute("SELECT set_config('search_path', 'acme', false)")
        assert other.execute("SHOW search_path").fetchone() == ("acme",)


@needs_pgbouncer
@pytest.mark.parametrize("roles", [True, False])
def test_django_does_not_connect_through_it(pgbouncer: dict[str, object], settings: Any, roles: bool) -> None:
    settings.DATABASE_ROLES = roles
    with pytest.raises(UnsafePooler):
        connection.copy().get_new_connection(dict(pgbouncer))


@needs_pgbouncer
@pytest.mark.parametrize("roles", [True, False])
def test_nor_does_its_pool(
    pgbouncer: dict[str, object], settings: Any, roles: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each connection that it opens is checked."""
    settings.DATABASE_ROLES = roles
    other = connection.copy(alias="behind it")
    monkeypatch.setitem(other.settings_dict["OPTIONS"], "pool", pool(size=1, lifetime=60, wait=5))
    monkeypatch.setattr(other, "get_connection_params", pgbouncer.copy)
    with open_connection(pgbouncer) as pooled, pytest.raises(UnsafePooler):
        other._configure_connection(pooled)  # type: ignore[attr-defined]
    assert pooled.closed


@needs_pgbouncer
def test_migrate_is_refused_behind_one_that_is_served_too(pgbouncer: dict[str, object]) -> None:
    """Its lock belongs to its session. Debian's PgBouncer is refused earlier, so that check is left out."""
    connection.close()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("tenants.backend.pool.refuse_unsafe", lambda *_: None)
        patch.setattr(connection, "get_connection_params", pgbouncer.copy)
        with pytest.raises(CommandError, match="DATABASE_URL to PostgreSQL itself"):
            call_command("migrate")
        connection.close()


def test_whether_one_tracks_is_asked_by_name_and_once(db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    """PostgreSQL itself accepts search_path from its client, like a pooler that tracks it."""
    conninfo = psycopg.conninfo.make_conninfo(**address(connection.get_connection_params()))
    tracks_search_path.cache_clear()
    assert tracks_search_path(conninfo)
    monkeypatch.setattr(psycopg, "connect", None)
    assert tracks_search_path(conninfo)
    tracks_search_path.cache_clear()


@needs_pgbouncer
def test_one_that_tracks_is_served_without_roles(
    pgbouncer: dict[str, object], without_roles: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pooler, "tracks_search_path", lambda _conninfo: True)
    with open_connection(pgbouncer) as pooled:
        refuse_unsafe_pooler(pooled, pgbouncer)
        assert pooled.info.transaction_status is TransactionStatus.IDLE


def test_a_connection_to_postgresql_itself_is_fine(db: None) -> None:
    refuse_unsafe_pooler(connection.connection, connection.get_connection_params())

"""The bundled server: when it starts, when it stops, and what it survives."""

import os
import signal
import stat
import subprocess
import sys
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from math import ceil
from pathlib import Path
from threading import Timer

import psycopg
import pytest

from config.bundled.account import as_account
from config.bundled.server import SUPERUSER, Server
from config.database import BUNDLED_NAME, DatabaseUnavailable
from tests.config.conftest import BASE_DIR, Run, assert_sentence

User = subprocess.Popen[str]
USE = """
import sys
from config.bundled.lease import data_folder, running_server
print(running_server(data_folder()).parameters("postgres")["host"], flush=True)
sys.stdin.read()
"""


@pytest.fixture
def use(environment: dict[str, str]) -> Callable[[], User]:
    """Start another process that uses the server until `leave` is called."""

    def use() -> User:
        return subprocess.Popen(
            [sys.executable, "-c", USE],
            cwd=BASE_DIR,
            env=environment,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    return use


def arrived(user: User) -> str:
    """Wait until the process has its server. Returns the socket's folder."""
    assert user.stdout
    return user.stdout.readline().strip()


def leave(user: User) -> None:
    """Let the process end by itself."""
    user.communicate(timeout=30)


def kill(user: User) -> None:
    user.kill()
    user.communicate()


def query(server: Server, statement: str) -> list[tuple[object, ...]]:
    with psycopg.connect(**server.parameters(SUPERUSER, SUPERUSER), autocommit=True) as connection:
        cursor = connection.execute(statement)
        return cursor.fetchall() if cursor.description else []


@pytest.mark.slow
@pytest.mark.parametrize(
    "command", [["help"], ["check"], ["help", "migrate"], ["collectstatic", "--noinput", "--dry-run"]]
)
def test_commands_without_data_do_not_start_it(run_command: Run, folder: Path, command: list[str]) -> None:
    assert run_command("manage.py", *command).returncode == 0
    assert list(folder.iterdir()) == []


@pytest.mark.slow
def test_first_connection_starts_it_and_finds_its_database(run_command: Run, server: Server) -> None:
    code = "from django.db import connection as c; print(c.settings_dict['NAME'], c.pg_version)"
    result = run_command("manage.py", "shell", "--verbosity=0", "-c", code)
    assert result.stdout.split()[0] == BUNDLED_NAME
    assert int(result.stdout.split()[1]) // 10000 == 18
    assert not server.answers()


@pytest.mark.slow
def test_dbshell_is_the_bundled_one(run_command: Run) -> None:
    result = run_command("manage.py", "dbshell", "--", "--no-align", "--tuples-only", "-c", "SHOW server_version_num")
    assert result.stdout.startswith("18")


@pytest.mark.slow
def test_it_stops_with_the_last_of_its_users(use: Callable[[], User], server: Server) -> None:
    first, second = use(), use()
    arrived(first), arrived(second)
    leave(first)
    assert server.answers()
    leave(second)
    assert not server.answers()


@pytest.mark.slow
def test_killed_user_does_not_keep_it_running(use: Callable[[], User], server: Server) -> None:
    first, second = use(), use()
    arrived(first), arrived(second)
    kill(first)
    leave(second)
    assert not server.answers()


@pytest.mark.slow
def test_it_outlives_a_user_who_was_killed_until_the_next_one_leaves(use: Callable[[], User], server: Server) -> None:
    first = use()
    arrived(first)
    kill(first)
    assert server.answers()
    second = use()
    arrived(second)
    leave(second)
    assert not server.answers()


@pytest.mark.slow
def test_users_who_come_at_once_share_one(use: Callable[[], User], server: Server) -> None:
    users = [use() for _ in range(4)]
    assert {arrived(user) for user in users} == {str(server.socket_folder)}
    for user in users:
        leave(user)
    assert not server.answers()


@pytest.mark.slow
def test_forked_child_does_not_stop_it(run_command: Run) -> None:
    code = """
import os, sys
from config.bundled.lease import data_folder, running_server
server = running_server(data_folder())
if not os.fork():
    sys.exit()
os.wait()
print(server.answers())
"""
    assert run_command("-c", code).stdout == "True\n"


@pytest.mark.slow
def test_nothing_committed_is_lost_when_it_is_killed(server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("BUNDLED_OPTIONS")
    server.ensure_running()
    query(server, "CREATE TABLE notes AS SELECT 'kept' AS note")
    os.kill(pid(server), signal.SIGKILL)
    server.ensure_running()
    assert query(server, "SELECT note FROM notes") == [("kept",)]


@pytest.mark.slow
def test_it_is_waited_for_as_long_as_it_recovers_from_a_crash(server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    """Otherwise, very many files make recovery slow. Here PostgreSQL asks an archive for its log, which does not answer
    until more time has passed than a start may take that says nothing: thrice what one takes on this machine now.
    """
    monkeypatch.delenv("BUNDLED_OPTIONS")
    server.ensure_running()
    server.stop()
    began = time.monotonic()
    server.ensure_running()
    patience = 2 + ceil(3 * (time.monotonic() - began))
    query(server, "CREATE TABLE notes (number int)")
    with ThreadPoolExecutor(1) as load:
        written = load.submit(write_until_the_end, server)
        while query(server, "SELECT count(*) FROM notes") < [(20,)]:
            time.sleep(0.01)
        os.kill(pid(server), signal.SIGKILL)
    archive = "until test -e answers; do sleep 0.1; done; false"  # in the data folder
    monkeypatch.setenv("BUNDLED_OPTIONS", f"-c hot_standby=off -c restore_command='{archive}'")
    (server.data / "recovery.signal").touch()
    os.chown(server.data / "recovery.signal", server.data.stat().st_uid, server.data.stat().st_gid)
    monkeypatch.setattr("config.bundled.server.START_SECONDS", patience)
    began = time.monotonic()
    answering = Timer(patience + 1, (server.data / "answers").touch)
    answering.start()
    server.ensure_running()
    assert time.monotonic() - began > patience
    answering.join()
    assert query(server, "SELECT count(*) FROM notes") >= [(written.result(),)]
    assert "archive recovery complete" in server.log.read_text()


def write_until_the_end(server: Server) -> int:
    """Returns how many rows were committed when the server was killed."""
    number = 0
    with suppress(psycopg.OperationalError):
        while True:
            query(server, "INSERT INTO notes VALUES (1)")
            number += 1
    return number


@pytest.mark.slow
def test_all_files_are_synced_by_one_call_after_a_crash(server: Server) -> None:
    server.ensure_running()
    expected = "syncfs" if sys.platform == "linux" else "fsync"
    assert query(server, "SHOW recovery_init_sync_method") == [(expected,)]


@pytest.mark.slow
def test_pid_that_is_another_process_now_does_not_stop_it_from_starting(server: Server) -> None:
    server.ensure_running()
    os.kill(pid(server), signal.SIGKILL)
    _, _, rest = server.pid_file.path.read_text().partition("\n")
    with subprocess.Popen(["/bin/sleep", "60"], **as_account(server.owner)) as other:
        server.pid_file.path.write_text(f"{other.pid}\n{rest}")
        server.ensure_running()
        assert other.poll() is None
        other.kill()
    assert server.answers()


@pytest.mark.slow
def test_half_made_data_is_made_again(server: Server) -> None:
    half = server.data.with_name("postgres.new")
    half.mkdir()
    (half / "PG_VERSION").write_text("18\n")
    server.ensure_running()
    assert server.answers()
    assert not half.exists()


@pytest.mark.slow
@pytest.mark.parametrize("name", ["with space, and comma", "long" * 30])
def test_any_folder_will_do(folder: Path, name: str) -> None:
    server = Server(folder / name / "postgres")
    server.data.parent.mkdir()
    try:
        server.ensure_running()
        assert server.answers()
    finally:
        server.stop()


@pytest.mark.slow
def test_no_other_account_gets_in(server: Server) -> None:
    server.ensure_running()
    assert query(server, "SHOW listen_addresses") == [("",)]
    assert stat.S_IMODE(server.socket_folder.stat().st_mode) == 0o700


@pytest.mark.slow
def test_it_writes_to_disk_unless_told_otherwise(server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("BUNDLED_OPTIONS")
    server.ensure_running()
    assert query(server, "SHOW fsync") == [("on",)]
    assert query(server, "SHOW synchronous_commit") == [("on",)]


@pytest.mark.slow
def test_data_of_another_version_is_refused(server: Server) -> None:
    server.ensure_running()
    server.stop()
    (server.data / "PG_VERSION").write_text("17\n")
    with pytest.raises(DatabaseUnavailable, match="made by PostgreSQL 17"):
        server.ensure_running()


@pytest.mark.slow
def test_what_it_cannot_start_with_is_in_the_log_that_it_names(server: Server) -> None:
    server.ensure_running()
    server.stop()
    with (server.data / "postgresql.conf").open("a") as settings:
        settings.write("nonsense = 1\n")
    with pytest.raises(DatabaseUnavailable, match=str(server.log)):
        server.ensure_running()
    assert "nonsense" in server.log.read_text()


@pytest.mark.slow
def test_folder_that_cannot_be_made_is_one_sentence(run_command: Run, folder: Path) -> None:
    (folder / "file").touch()
    result = run_command("manage.py", "migrate", BUNDLED_DATA=str(folder / "file" / "postgres"))
    assert_sentence(result, str(folder / "file"))


def pid(server: Server) -> int:
    return int(server.pid_file.path.read_text().split()[0])

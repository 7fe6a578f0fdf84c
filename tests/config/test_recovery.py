"""The server is restored to a minute between two writes, by a copy of its data and a WAL archive (docs/backups.md)."""

import os
import shutil
import signal
import subprocess
import time
from collections.abc import Callable
from pathlib import Path

import psycopg
import pytest

from config import postgres
from config.bundled.account import make_folder
from config.bundled.programs import run_program
from config.bundled.server import PORT, SUPERUSER, Server

SCRIPT = Path(postgres.__file__).with_name("archive.sh")


def archive(*arguments: Path | str) -> int:
    return subprocess.run(["/bin/sh", str(SCRIPT), *map(str, arguments)], check=False).returncode


def test_segment_is_archived_once_and_never_overwritten(tmp_path):
    segment, place = tmp_path / "segment", tmp_path / "place"
    place.mkdir()
    segment.write_bytes(b"one")
    (place / "0001.part").write_bytes(b"what a killed server has left, and it is longer")
    assert [archive(segment, "0001", place), archive(segment, "0001", place)] == [0, 0]
    segment.write_bytes(b"two")
    assert archive(segment, "0001", place) != 0
    assert [(path.name, path.read_bytes()) for path in place.iterdir()] == [("0001", b"one")]
    assert archive(segment, "0002", tmp_path / "missing") != 0


@pytest.mark.slow
def test_server_is_restored_to_a_minute(server: Server, folder: Path, monkeypatch):
    place, base = folder / "wal", folder / "base"
    command = f"sh {shutil.copy(SCRIPT, folder)} %p %f {place}"
    monkeypatch.setenv("BUNDLED_OPTIONS", f"-c fsync=off -c archive_mode=on -c 'archive_command={command}'")
    for each in (place, base):
        make_folder(each, server.owner)
    server.ensure_running()

    def ask(query: str) -> list[str]:
        with psycopg.connect(**server.parameters(SUPERUSER, SUPERUSER), autocommit=True) as connection:
            cursor = connection.execute(query)
            return [str(value) for (value,) in cursor.fetchall()] if cursor.description else []

    ask("CREATE TABLE written (what text)")
    ask("INSERT INTO written VALUES ('before the copy')")
    address = (f"--host={server.socket_folder}", f"--port={PORT}", f"--username={SUPERUSER}")
    run_program("pg_basebackup", *address, f"--pgdata={base}", "--checkpoint=fast", owner=server.owner)
    ask("INSERT INTO written VALUES ('after it')")
    [minute] = ask("SELECT clock_timestamp()")
    ask("DELETE FROM written")
    ask("SELECT pg_switch_wal()")
    [segment] = ask("SELECT pg_walfile_name(pg_current_wal_lsn() - 1)")
    wait_for((place / segment).exists)

    os.kill(int((server.data / "postmaster.pid").read_text().partition("\n")[0]), signal.SIGQUIT)
    wait_for(lambda: not server.pid_file.is_alive())
    shutil.rmtree(server.data)
    base.rename(server.data)
    for lock in server.data.glob(".s.PGSQL.*"):
        lock.unlink()  # of the socket, which the bundled server has among its data, and so the copy has it too
    with (server.data / "postgresql.auto.conf").open("a") as settings:
        settings.write(f"restore_command = 'cp {place}/%f %p'\n")
        settings.write(f"recovery_target_time = '{minute}'\nrecovery_target_action = 'promote'\n")
    (server.data / "recovery.signal").touch()
    server.ensure_running()
    assert ask("SELECT what FROM written ORDER BY what") == ["after it", "before the copy"]


def wait_for(true: Callable[[], bool]) -> None:
    until = time.monotonic() + 60
    while not true():
        assert time.monotonic() < until
        time.sleep(0.02)

"""DATABASE_URL: what is accepted, what is refused, and with which message."""

import socket
import struct
import threading
from collections.abc import Iterator

import pytest
from django.core.exceptions import ImproperlyConfigured

from config import brand
from config.database import KEEP_SECONDS, database, pool
from tests.config.conftest import Run, assert_sentence


def test_without_an_address_the_bundled_server_is_used() -> None:
    assert database(None) == {"ENGINE": "config.bundled", "NAME": brand.SLUG}


@pytest.mark.parametrize("scheme", ["postgres", "postgresql"])
def test_address_is_taken_apart(scheme: str) -> None:
    parts = database(f"{scheme}://ada:p%40ss@db.example:5433/shop?sslmode=require&connect_timeout=3")
    assert parts["ENGINE"] == "config.postgres"
    assert [parts[key] for key in ("USER", "PASSWORD", "HOST", "PORT", "NAME")] == [
        "ada",
        "p@ss",
        "db.example",
        5433,
        "shop",
    ]
    assert parts["OPTIONS"] == {"sslmode": "require", "connect_timeout": 3}


def test_connecting_does_not_take_for_ever() -> None:
    assert database("postgres://db.example/shop")["OPTIONS"] == {"connect_timeout": 10}


def test_without_a_pool_each_thread_keeps_its_connection_for_a_minute() -> None:
    settings = database("postgres://db.example/shop", pool(size=0, lifetime=600, wait=5))
    assert settings["CONN_MAX_AGE"] == KEEP_SECONDS
    assert "pool" not in settings["OPTIONS"]


def test_a_pool_takes_the_place_of_kept_connections() -> None:
    settings = database("postgres://db.example/shop", pool(size=4, lifetime=600, wait=5))
    assert settings["OPTIONS"]["pool"] == {
        "min_size": 0,
        "max_size": 4,
        "max_lifetime": 600,
        "timeout": 5,
        "reconnect_timeout": 5,
    }
    assert settings["CONN_MAX_AGE"] == 0
    assert settings["CONN_HEALTH_CHECKS"]


@pytest.mark.parametrize(
    ("variable", "value"),
    [
        ("DATABASE_POOL_SIZE", "-1"),
        ("DATABASE_POOL_SIZE", "many"),
        ("DATABASE_POOL_LIFETIME_SECONDS", "0"),
        ("DATABASE_POOL_WAIT_SECONDS", "0"),
    ],
)
def test_pool_that_cannot_be_is_refused(run_command: Run, variable: str, value: str) -> None:
    assert_sentence(run_command("manage.py", "check", **{variable: value}), variable)


@pytest.mark.parametrize(
    "url",
    [
        "mysql://ada:s3cret@db.example/shop",
        "sqlite:///s3cret.db",
        "s3cret",
        "postgres://ada:s3cret@db.example:port/shop",
        "postgres://ada:s3cret@[db.example/shop",
        "postgres://ada:s3cret@db.example",
        "postgres://ada:s3cret@db.example/",
    ],
)
def test_other_addresses_are_refused_without_repeating_the_password(url: str) -> None:
    with pytest.raises(ImproperlyConfigured, match="DATABASE_URL") as refused:
        database(url)
    assert "s3cret" not in str(refused.value)


def test_refusal_is_one_sentence_on_the_terminal(run_command: Run) -> None:
    assert_sentence(run_command("manage.py", "migrate", DATABASE_URL="mysql://db.example/shop"), "DATABASE_URL")


@pytest.mark.slow
def test_unreachable_server_is_named_without_the_password(run_command: Run, free_port: int) -> None:
    url = f"postgres://ada:s3cret@127.0.0.1:{free_port}/shop"
    result = run_command("manage.py", "migrate", DATABASE_URL=url)
    assert_sentence(result, f"127.0.0.1:{free_port}", "Connection refused")
    assert "s3cret" not in result.stderr + result.stdout


@pytest.mark.slow
def test_unknown_host_is_named(run_command: Run) -> None:
    result = run_command("manage.py", "migrate", DATABASE_URL="postgres://ada@nowhere.invalid/shop")
    assert_sentence(result, "nowhere.invalid:5432")


@pytest.mark.slow
def test_older_server_is_refused(run_command: Run, postgres_15: int) -> None:
    result = run_command("manage.py", "migrate", DATABASE_URL=f"postgres://ada@127.0.0.1:{postgres_15}/shop")
    assert_sentence(result, "PostgreSQL 16 or newer is needed", "version 15.3")


@pytest.fixture
def postgres_15() -> Iterator[int]:
    """A port of a server that accepts every login and reports PostgreSQL 15.3."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        serving = threading.Thread(target=greet, args=[listener])
        serving.start()
        yield int(listener.getsockname()[1])
        listener.shutdown(socket.SHUT_RDWR)
        serving.join()


def greet(listener: socket.socket) -> None:
    """Speak as much of the protocol as it takes: https://www.postgresql.org/docs/15/protocol-message-formats.html"""
    while True:
        try:
            client, _ = listener.accept()
        except OSError:
            return
        with client:
            while (request := client.recv(1024)) and request[4:8] in (NO_TLS, NO_GSS):
                client.sendall(b"N")
            if request:
                client.sendall(WELCOME)
            while client.recv(1024)[:1] == b"Q":
                client.sendall(ONE_ROW)


def message(kind: bytes, body: bytes) -> bytes:
    return kind + struct.pack("!i", len(body) + 4) + body


NO_TLS, NO_GSS = struct.pack("!i", 80877103), struct.pack("!i", 80877104)
READY = message(b"Z", b"I")
BACKEND_PID = 7
WELCOME = (
    message(b"R", struct.pack("!i", 0))
    + message(b"S", b"server_version\0" + b"15.3\0")
    + message(b"S", b"client_encoding\0UTF8\0")
    + message(b"K", struct.pack("!ii", BACKEND_PID, 0))
    + READY
)
# The answer to every query: the number of the server's process, which tells that no pooler is in between.
ONE_ROW = (
    message(b"T", struct.pack("!h4sihihih", 1, b"pid\0", 0, 0, 23, 4, -1, 0))
    + message(b"D", struct.pack("!hi1s", 1, 1, str(BACKEND_PID).encode()))
    + message(b"C", b"SELECT 1\0")
    + READY
)

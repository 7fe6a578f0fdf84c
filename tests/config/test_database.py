"""DATABASE_URL: what is taken, what is refused, and in which words."""

import socket
import struct
import threading
from collections.abc import Iterator

import pytest
from django.core.exceptions import ImproperlyConfigured

from config.database import database
from tests.config.conftest import Run, assert_sentence


def test_without_an_address_the_bundled_server_is_used() -> None:
    assert database(None) == {"ENGINE": "config.bundled", "NAME": "tenantry"}


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
    assert_sentence(
        run_command("manage.py", "migrate", DATABASE_URL="mysql://db.example/shop"), "DATABASE_URL"
    )


def test_unreachable_server_is_named_without_the_password(run_command: Run, free_port: int) -> None:
    url = f"postgres://ada:s3cret@127.0.0.1:{free_port}/shop"
    result = run_command("manage.py", "migrate", DATABASE_URL=url)
    assert_sentence(result, f"127.0.0.1:{free_port}", "Connection refused")
    assert "s3cret" not in result.stderr + result.stdout


def test_unknown_host_is_named(run_command: Run) -> None:
    result = run_command("manage.py", "migrate", DATABASE_URL="postgres://ada@nowhere.invalid/shop")
    assert_sentence(result, "nowhere.invalid:5432")


def test_older_server_is_refused(run_command: Run, postgres_15: int) -> None:
    result = run_command("manage.py", "migrate", DATABASE_URL=f"postgres://ada@127.0.0.1:{postgres_15}/shop")
    assert_sentence(result, "PostgreSQL 16 or newer is needed", "version 15.3")


@pytest.fixture
def postgres_15() -> Iterator[int]:
    """A port where a server lets everybody in and says that it is PostgreSQL 15.3."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        serving = threading.Thread(target=greet, args=[listener])
        serving.start()
        yield int(listener.getsockname()[1])
        listener.shutdown(socket.SHUT_RDWR)
        serving.join()


def greet(listener: socket.socket) -> None:
    """Speak PostgreSQL's protocol up to "ready": https://www.postgresql.org/docs/15/protocol-flow.html"""
    while True:
        try:
            client, _ = listener.accept()
        except OSError:
            return
        with client:
            while (request := client.recv(1024)) and request[4:8] in (NO_TLS, NO_GSS):
                client.sendall(b"N")
            if request:
                parameters = {"server_version": "15.3", "client_encoding": "UTF8", "TimeZone": "UTC"}
                said = [message(b"S", f"{name}\0{value}\0".encode()) for name, value in parameters.items()]
                client.sendall(message(b"R", struct.pack("!i", 0)) + b"".join(said) + message(b"Z", b"I"))
                client.recv(1024)


NO_TLS, NO_GSS = struct.pack("!i", 80877103), struct.pack("!i", 80877104)


def message(kind: bytes, body: bytes) -> bytes:
    return kind + struct.pack("!i", len(body) + 4) + body

"""A connection from a pool is like a new one: nothing of the previous request, of another tenant, is left in it."""

import os
import random
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import Any

import pytest
from django.db import DatabaseError, connection, connections, transaction

from config.database import DatabaseUnavailable, pool
from profiles.models import User
from tenants.context import as_owner, public, within
from tenants.isolation.timeouts import limited
from tests.tenants.backend.shuffle import shuffle
from tests.tenants.where import address_of, ask, backend, owners_address


@pytest.fixture
def pooled(acme_and_globex) -> Iterator[list]:
    """The connections of all threads come out of a pool of three."""
    yield from out_of_a_pool(3, acme_and_globex)


@pytest.fixture
def only_one(acme_and_globex) -> Iterator[list]:
    """The pool has one connection, so that all requests get the same."""
    yield from out_of_a_pool(1, acme_and_globex)


def out_of_a_pool(size: int, tenants: list) -> Iterator[list]:
    connections.close_all()
    with pytest.MonkeyPatch.context() as patch:
        patch.setitem(connection.settings_dict, "CONN_HEALTH_CHECKS", True)
        patch.setitem(connection.settings_dict["OPTIONS"], "pool", pool(size=size, lifetime=600, wait=3))
        connection.pool.open()  # type: ignore[attr-defined]
        yield tenants
        connection.close()
        connection.close_pool()  # type: ignore[attr-defined]


def in_thread(function: Any) -> Any:
    """What it returns in a thread of its own, which gives its connection back, as a request does."""

    def run() -> Any:
        try:
            return function()
        finally:
            connection.close()

    with ThreadPoolExecutor(1) as threads:
        return threads.submit(run).result()


@pytest.mark.slow
def test_shuffled_switches(pooled):
    """Threads that share connections, with all that can go wrong: each statement is in the right schema and role."""
    shuffle(pooled, given_back)


@contextmanager
def given_back() -> Iterator[None]:
    """Most often, so that one connection is sometimes used twice."""
    yield
    if random.random() < 0.9:  # noqa: S311  it guards nothing
        connection.close()
    connection.close_if_unusable_or_obsolete()


MESSES = {
    "an advisory lock": (
        "SELECT pg_advisory_lock(42)",
        "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND pid = pg_backend_pid()",
    ),
    "a temporary table": ("CREATE TEMPORARY TABLE notes (text text)", "SELECT count(to_regclass('notes'))"),
    "a channel": ("LISTEN gossip", "SELECT count(*) FROM pg_listening_channels()"),
    "a prepared statement": ("PREPARE one AS SELECT 1", "SELECT count(*) FROM pg_prepared_statements"),
    "an open cursor": (
        "DECLARE rows CURSOR WITH HOLD FOR SELECT 1",
        "SELECT count(*) FROM pg_cursors WHERE is_holdable",
    ),
    "a timeout": ("SET statement_timeout = '1s'", "SELECT (current_setting('statement_timeout') = '1s')::int"),
    "a time zone": ("SET TimeZone = 'Asia/Tokyo'", "SELECT count(*) FROM pg_settings WHERE setting = 'Asia/Tokyo'"),
    "a setting of transactions": (
        "SET default_transaction_read_only = on",
        "SELECT (current_setting('transaction_read_only') = 'on')::int",
    ),
}


@pytest.mark.parametrize("mess", MESSES)
def test_what_a_session_was_left_with_is_gone(only_one, mess):
    make, look = MESSES[mess]

    def soil() -> tuple[int, int]:
        with as_owner():
            ask(make)
            return backend(), ask(look)

    soiled, found = in_thread(soil)
    assert found == 1
    assert in_thread(lambda: (backend(), ask(look))) == (soiled, 0)


@pytest.mark.parametrize("name", ["isolation_level", "read_only", "deferrable"])
def test_nor_do_the_drivers_own_settings_of_transactions_stay(only_one, name):
    def soil() -> int:
        number = backend()
        setattr(connection.connection, name, True)
        return number

    soiled = in_thread(soil)
    assert in_thread(lambda: (backend(), getattr(connection.connection, name))) == (soiled, None)


def test_schema_role_timeouts_and_name_do_not_stay(only_one):
    """As seen by what asks the connection itself, and not through us."""

    def work() -> None:
        with within(only_one[0]), limited("request"):
            owners_address()

    in_thread(work)
    names = ("search_path", "role", "application_name", "statement_timeout", "lock_timeout")
    with connection.pool.connection() as raw:  # type: ignore[attr-defined]
        found = [raw.execute(f"SHOW {name}").fetchone()[0] for name in names]
    assert found == ['"$user", public', "none", "", "0", "0"]


def test_the_next_request_has_none_of_the_rights_of_the_one_before(only_one):
    acme, globex = only_one

    def work() -> tuple[int, str]:
        with within(globex):
            return backend(), ask("SELECT current_user")

    def reach() -> int:
        for place in (within(acme), public()):
            with place, pytest.raises(DatabaseError, match="permission denied for schema"):
                ask(f"TABLE {globex.schema_name}.profiles_user")
        return backend()

    assert in_thread(work) == (in_thread(reach), globex.schema_name)


def test_a_transaction_that_was_left_open_is_rolled_back(only_one):
    def begin() -> int:
        with within(only_one[0]):
            transaction.set_autocommit(False)
            User.objects.filter(pk=1).update(first_name="Never")
            return backend()

    began = in_thread(begin)

    def look() -> tuple[int, bool, str]:
        with within(only_one[0]):
            return backend(), connection.get_autocommit(), User.objects.get(pk=1).first_name

    assert in_thread(look) == (began, True, "Olga")


def test_a_request_in_the_middle_of_an_answer_gives_back_another_connection(only_one):
    """Such a one cannot be made new."""

    unread = []

    def stop_halfway() -> int:
        number = backend()
        unread.append(connection.cursor().stream("SELECT generate_series(1, 9)"))
        next(unread[0])
        return number

    assert in_thread(stop_halfway) != in_thread(backend)


def test_time_is_in_the_projects_zone(only_one, settings):
    for _ in range(2):
        assert in_thread(lambda: ask("SHOW TimeZone")) == settings.TIME_ZONE


def test_connections_that_the_server_closed_are_replaced(pooled):
    """As all connections are after a restart of PostgreSQL: no request fails."""

    with connection.pool.connection() as one, connection.pool.connection() as other:  # type: ignore[attr-defined]
        pids = [raw.execute("SELECT pg_backend_pid()").fetchone()[0] for raw in (one, other)]
    end = "SELECT count(pg_terminate_backend(pid, 1000)) FROM unnest(%s) AS pid WHERE pid <> pg_backend_pid()"
    assert in_thread(lambda: ask(end, pids)) > 0
    for tenant in pooled:
        with within(tenant):
            assert owners_address() == address_of(tenant)
        connection.close()


def test_a_connection_that_has_met_too_many_is_replaced(only_one, settings):
    """It remembers their tables, and is another one's in each request."""
    settings.TENANTS_PER_CONNECTION = 1

    def meet(tenant) -> int:
        with within(tenant):
            return backend()

    first, second, third = (in_thread(lambda tenant=tenant: meet(tenant)) for tenant in [*only_one, only_one[0]])
    assert first == second != third


def test_no_request_waits_for_ever(only_one):
    """One that cannot have a connection in time is told so, and the next one is served."""
    connection.pool.timeout = 0.1  # type: ignore[attr-defined]
    backend()
    with pytest.raises(DatabaseUnavailable, match=r"couldn't get a connection after 0\.10 sec"):
        in_thread(backend)
    connection.close()
    assert in_thread(backend)


def test_each_process_has_a_pool_of_its_own(only_one):
    """A child of a fork that used its parent's connections would read the parent's answers."""
    before = backend()
    parents = connection.pool  # type: ignore[attr-defined]
    read, write = os.pipe()
    child = os.fork()
    if child == 0:
        answer = b"same" if connection.pool is parents else b"own"  # type: ignore[attr-defined]
        os.write(write, answer)
        os._exit(0)
    os.waitpid(child, 0)
    assert os.read(read, 9) == b"own"
    assert (connection.pool is parents, backend()) == (True, before)  # type: ignore[attr-defined]

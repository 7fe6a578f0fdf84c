"""Parked connections: there are as many as threads that work at once, and each is in the right schema."""

import os
from collections import deque
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from threading import Barrier
from typing import Any

import pytest
from django.db import DatabaseError, connection, connections, transaction

from config.database import KEEP_SECONDS
from tenants.context import public, within
from tenants.serving.parking import _parked, parked
from tests.tenants.backend.shuffle import shuffle
from tests.tenants.where import address_of, ask, backend, owners_address


@pytest.fixture
def lot(acme_and_globex, monkeypatch) -> Iterator[list]:
    """Nothing is parked, and connections are kept as with DATABASE_URL."""
    connections.close_all()
    _parked.clear()
    monkeypatch.setitem(connection.settings_dict, "CONN_MAX_AGE", KEEP_SECONDS)
    monkeypatch.setitem(connection.settings_dict, "CONN_HEALTH_CHECKS", True)
    yield acme_and_globex
    connections.close_all()
    while _parked:
        _parked.pop().close()


def requests(*each: Callable[[], Any]) -> list:
    """What the functions return, each in a thread of its own, one after the other."""
    answers = []
    for one in each:
        with ThreadPoolExecutor(1) as threads:
            answers.append(threads.submit(parked()(one)).result())
    return answers


def test_the_next_thread_takes_the_connection_that_was_left(lot):
    assert len(set(requests(backend, backend, backend))) == 1
    assert len(_parked) == 1


@pytest.mark.slow
def test_shuffled_switches(lot, settings):
    shuffle(lot, parked)
    assert len(_parked) <= settings.WEB_CONNECTIONS


def test_the_next_thread_is_in_its_own_organisation(lot):
    def look(tenant) -> str:
        with within(tenant):
            return owners_address()

    assert requests(*[lambda tenant=tenant: look(tenant) for tenant in lot * 2]) == [*map(address_of, lot * 2)]


def test_the_next_thread_has_none_of_the_rights_of_the_one_before(lot):
    acme, globex = lot

    def work() -> tuple[int, str]:
        with within(globex):
            return backend(), ask("SELECT current_user")

    def reach() -> list[int]:
        for place in (within(acme), public()):
            with place, pytest.raises(DatabaseError, match="permission denied for schema"):
                ask(f"TABLE {globex.schema_name}.profiles_user")
        return [backend()]

    before, after = requests(work, reach)
    assert before == (*after, globex.schema_name)


def test_who_comes_second_to_the_last_one_opens_another(lot, monkeypatch):
    """Another thread may take it between the check and the take."""

    class Taken(deque):
        def __len__(self) -> int:
            return 1

    monkeypatch.setattr("tenants.serving.parking._parked", taken := Taken())
    assert requests(backend)
    taken.pop().close()


def test_no_more_are_kept_than_can_be_in_use(lot, settings):
    """Those of working requests, of the look-up of hosts, and of the health check."""
    assert settings.WEB_CONNECTIONS == settings.WEB_PLACES + 2
    together = Barrier(settings.WEB_CONNECTIONS + 3)

    @parked()
    def ask_together() -> int:
        number = backend()
        together.wait(10)
        return number

    with ThreadPoolExecutor(together.parties) as threads:
        futures = [threads.submit(ask_together) for _ in range(together.parties)]
    assert len({future.result() for future in futures}) == together.parties
    assert len(_parked) == settings.WEB_CONNECTIONS


def test_a_thread_keeps_the_connection_that_it_has(lot):
    """Like one with an open transaction, or a test."""
    before = backend()
    with parked():
        assert backend() == before
    assert not _parked
    assert connections.all(initialized_only=True)


def test_one_that_has_met_too_many_is_replaced_before_the_next_request(lot, settings):
    """Inside a transaction it is kept, for any number of organisations."""
    settings.TENANTS_PER_CONNECTION = 1
    acme, globex = lot

    def meet(*tenants) -> list[int]:
        numbers = []
        for tenant in tenants:
            with public():
                backend()  # which is no organisation
            with within(tenant):
                numbers.append(backend())
        return numbers

    (first,), (second, third), (fourth,) = requests(lambda: meet(acme), lambda: meet(acme, globex), lambda: meet(acme))
    assert first == second == third != fourth


def test_who_asks_nothing_takes_nothing(lot):
    assert requests(lambda: None) == [None]
    assert not _parked


def break_it() -> int:
    number = backend()
    with suppress(DatabaseError):
        ask("SELECT pg_terminate_backend(pg_backend_pid())")
    return number


def grow_old() -> int:
    number = backend()
    connection.close_at = 0
    return number


def begin() -> int:
    connection.set_autocommit(False)
    return backend()


def forget_a_block() -> int:
    transaction.atomic().__enter__()
    return backend()


@pytest.mark.parametrize("spoil", [break_it, grow_old, begin, forget_a_block])
def test_one_that_is_broken_old_or_in_a_transaction_is_not_parked(lot, spoil):
    spoilt, following = requests(spoil, backend)
    assert spoilt != following


def test_a_child_process_has_none_of_them(lot):
    """The child would read its parent's answers."""
    requests(backend)
    read, write = os.pipe()
    child = os.fork()
    if child == 0:
        os.write(write, str(len(_parked)).encode())
        os._exit(0)
    os.waitpid(child, 0)
    assert (os.read(read, 9), len(_parked)) == (b"0", 1)

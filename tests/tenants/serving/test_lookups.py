"""Look-ups: one statement at a time, on one connection, for any number of threads and names."""

from collections.abc import Collection, Iterator
from concurrent.futures import ThreadPoolExecutor
from threading import Event, Lock
from time import monotonic

import pytest
from django.db import OperationalError
from django.test import Client

from tenants.organisations.rename import rename
from tenants.organisations.suspend import suspend
from tenants.serving import hosts
from tenants.serving.lookups import LookUps
from tests.daily import part_each_day
from tests.tenants.crowd import until
from tests.tenants.where import ask

THREADS = 20


class Directory:
    """Answers with the name in capitals when told to; records which names were looked up together."""

    def __init__(self) -> None:
        self.asked: list[list[str]] = []
        self.at_once, self.most = 0, 0
        self.lock, self.go_on = Lock(), Event()

    def ask(self, names: Collection[str]) -> dict[str, str]:
        with self.lock:
            self.at_once += 1
            self.most = max(self.most, self.at_once)
            self.asked.append(sorted(names))
        assert self.go_on.wait(10)
        with self.lock:
            self.at_once -= 1
        return {name: name.upper() for name in names if name != "nobody"}


@pytest.fixture
def directory() -> Directory:
    return Directory()


@pytest.fixture
def pool() -> Iterator[ThreadPoolExecutor]:
    with ThreadPoolExecutor(THREADS) as pool:
        yield pool


def waiting(look_ups: LookUps) -> set[str]:
    with look_ups._changed:
        return set(look_ups._waiting)


def test_all_that_come_meanwhile_are_asked_for_together(directory, pool):
    look_ups = LookUps(directory.ask)
    first = pool.submit(look_ups.answer, "first")
    until(lambda: directory.asked)
    names = ["acme", "acme", "nobody", "globex"]
    others = [pool.submit(look_ups.answer, name) for name in names]
    until(lambda: waiting(look_ups) == set(names))
    directory.go_on.set()
    assert [first.result(10), *(other.result(10) for other in others)] == ["FIRST", "ACME", "ACME", None, "GLOBEX"]
    assert directory.asked == [["first"], ["acme", "globex", "nobody"]]
    assert directory.most == 1


def test_a_name_is_asked_for_again_by_who_comes_while_it_is_asked_for(directory, pool):
    """The first answer does not contain what was committed meanwhile."""
    look_ups = LookUps(directory.ask)
    before = pool.submit(look_ups.answer, "acme")
    until(lambda: directory.asked)
    after = pool.submit(look_ups.answer, "acme")
    until(lambda: waiting(look_ups) == {"acme"})
    directory.go_on.set()
    assert [before.result(10), after.result(10)] == ["ACME", "ACME"]
    assert directory.asked == [["acme"], ["acme"]]


def test_an_error_reaches_all_and_the_next_one_asks_again(pool):
    came, fails = Event(), [True]

    def ask_once(names: Collection[str]) -> dict[str, str]:
        if fails.pop():
            assert came.wait(10)
            raise OperationalError
        return dict.fromkeys(names, "found")

    look_ups = LookUps(ask_once)
    first = pool.submit(look_ups.answer, "acme")
    until(lambda: look_ups._is_asking)
    fails.append(True)
    second = pool.submit(look_ups.answer, "acme")
    until(lambda: waiting(look_ups) == {"acme"})
    came.set()
    for each in (first, second):
        with pytest.raises(OperationalError):
            each.result(10)
    fails.append(False)
    assert look_ups.answer("acme") == "found"


def test_a_check_for_changes_does_not_wait(directory, pool):
    look_ups = LookUps(directory.ask)
    pool.submit(look_ups.answer, "acme")
    until(lambda: directory.asked)
    look_ups.go()
    assert directory.asked == [["acme"]]
    directory.go_on.set()
    until(lambda: not look_ups._is_asking)
    look_ups.go()
    assert directory.asked == [["acme"], []]


# --- By the site --------------------------------------------------------------------------------------------------


@pytest.fixture
def slow_directory(acme_and_globex, new_tenant, monkeypatch) -> Iterator[tuple[Event, list[int]]]:
    """Look-ups block until told to end; records the number of connections at each."""
    go_on, connections, read = Event(), [], hosts.read

    def read_slowly(names: Collection[str]) -> dict[str, hosts.Place]:
        connections.append(ask("SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()"))
        assert go_on.wait(10)
        return read(names)

    suspend(new_tenant("resting"))
    rename(new_tenant("moved"), slug="moved-on")
    hosts.find("acme.localhost")
    monkeypatch.setattr(hosts, "read", read_slowly)
    yield go_on, connections
    go_on.set()


def status(host: str) -> int:
    return Client(SERVER_NAME=host).get("/account/login/").status_code


@pytest.mark.parametrize(
    ("name", "answer"),
    part_each_day([("nobody", 404), ("nobody-{}", 404), ("globex", 200), ("resting", 403), ("moved", 307)]),
)
def test_twenty_look_ups_take_one_connection_and_known_hosts_wait_for_none(slow_directory, pool, name, answer):
    """Of an invented host, of twenty, of an existing one, of a suspended organisation, and of a former address."""
    go_on, connections = slow_directory
    asking = [pool.submit(status, f"{name.format(number)}.localhost") for number in range(THREADS - 1)]
    until(lambda: connections)
    began = monotonic()
    assert pool.submit(status, "acme.localhost").result(10) == 200
    assert monotonic() - began < 5
    go_on.set()
    assert {each.result(10) for each in asking} == {answer}
    assert len(connections) <= 3, "There was more than one statement at a time, or one for each name."
    assert max(connections) - min(connections) <= 2

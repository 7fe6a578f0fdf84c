"""Turns: whoever floods a process waits behind himself."""

from concurrent.futures import Future, ThreadPoolExecutor
from threading import Event

import pytest

from tenants.turns import Crowded, Turns


class Crowd:
    """Requests in threads, each of which ends when it is told to; the order in which they got their turns."""

    def __init__(self, **limits: int) -> None:
        self.turns = Turns(**limits)
        self.began: list[str] = []
        self.pool = ThreadPoolExecutor(50)
        self.ends: dict[str, Event] = {}
        self.futures: dict[str, Future[None]] = {}

    def comes(self, name: str) -> "Future[None]":
        """`acme 1` is a request of acme's; it waits or runs when this returns."""
        arrived = self.lengths()
        self.ends[name] = Event()
        self.futures[name] = future = self.pool.submit(self.run, name)
        until(lambda: self.lengths() > arrived or future.done())
        return future

    def run(self, name: str) -> None:
        with self.turns.taken(name.split(maxsplit=1)[0]):
            self.began.append(name)
            assert self.ends[name].wait(10)

    def goes(self, name: str, future: "Future[None]") -> None:
        self.ends[name].set()
        future.result(10)

    def lengths(self) -> int:
        with self.turns._lock:
            return sum(map(len, [*self.turns._running.values(), *self.turns._lines.values()]))


@pytest.fixture
def crowd(request):
    crowd = Crowd(**getattr(request, "param", {"places": 3, "most": 2, "longest": 3}))
    yield crowd
    for end in crowd.ends.values():
        end.set()
    crowd.pool.shutdown()
    assert crowd.lengths() == 0, "Whoever has gone must not be counted."


def until(condition) -> None:
    ended = Event()
    for _ in range(1000):
        if condition():
            return
        ended.wait(0.005)
    raise AssertionError("It did not happen.")


def test_one_organisation_never_has_all_places(crowd):
    for number in (1, 2, 3):
        crowd.comes(f"acme {number}")
    crowd.comes("globex 1")
    until(lambda: len(crowd.began) == 3)
    assert sorted(crowd.began) == ["acme 1", "acme 2", "globex 1"]


def test_another_organisation_is_next_however_many_wait_before_it(crowd):
    first = crowd.comes("acme 1")
    for name in ("acme 2", "initech 1", "acme 3", "acme 4", "acme 5", "globex 1"):
        crowd.comes(name)
    until(lambda: len(crowd.began) == 3)
    crowd.goes("acme 1", first)
    until(lambda: len(crowd.began) == 4)
    assert crowd.began[3] == "globex 1"


@pytest.mark.parametrize("crowd", [{"places": 8, "most": 6, "longest": 3}], indirect=True)
def test_the_next_one_is_of_whoever_has_the_fewest_running(crowd):
    """Not of whoever has waited longest, though both may have one more."""
    for number in range(6):
        crowd.comes(f"initech {number}")
    crowd.comes("acme 1")
    hooli = crowd.comes("hooli 1")
    for name in ("acme 2", "globex 1"):
        crowd.comes(name)
    until(lambda: len(crowd.began) == 8)
    crowd.goes("hooli 1", hooli)
    until(lambda: len(crowd.began) == 9)
    assert crowd.began[8] == "globex 1"


def test_one_line_is_served_in_order(crowd):
    futures = {name: crowd.comes(name) for name in ("acme 1", "acme 2", "acme 3", "acme 4")}
    until(lambda: len(crowd.began) == 2)
    for name in ("acme 1", "acme 2"):
        began = len(crowd.began)
        crowd.goes(name, futures[name])
        until(lambda began=began: len(crowd.began) == began + 1)
    assert crowd.began[2:] == ["acme 3", "acme 4"]


def test_a_line_has_an_end_and_only_for_its_own(crowd):
    for number in range(5):
        crowd.comes(f"acme {number}")
    with pytest.raises(Crowded):
        crowd.comes("acme 5").result(10)
    globex = crowd.comes("globex 1")
    assert not globex.done()


def test_while_others_are_there_one_has_its_share(crowd):
    """Three places, two organisations: one each, though nobody has the third at the moment."""
    crowd.comes("globex 1")
    crowd.comes("acme 1")
    crowd.comes("acme 2")
    assert {name: len(running) for name, running in crowd.turns._running.items()} == {"acme": 1, "globex": 1}


def test_who_is_alone_has_as_many_places_as_one_may(crowd):
    crowd.goes("acme 1", crowd.comes("acme 1"))
    crowd.comes("acme 2")
    crowd.comes("acme 3")
    assert len(crowd.turns._running["acme"]) == 2


def test_who_has_gone_has_no_share(crowd, monkeypatch):
    monkeypatch.setattr("tenants.turns.THERE_SECONDS", 0)
    crowd.goes("globex 1", crowd.comes("globex 1"))
    crowd.comes("acme 1")
    crowd.comes("acme 2")
    until(lambda: len(crowd.began) == 3)


def test_a_slow_request_does_not_keep_the_others_of_its_organisation(crowd, monkeypatch):
    """It waits for the database more than it computes. Whoever waits notices by himself."""
    monkeypatch.setattr("tenants.turns.SLOW_SECONDS", 0.05)
    crowd.comes("globex 1")
    crowd.comes("acme 1")
    crowd.comes("acme 2")
    until(lambda: sorted(crowd.began) == ["acme 1", "acme 2", "globex 1"])


@pytest.fixture
def clock():
    """Its one number is what time it is, until the crowd leaves: by then all have rested."""
    clock = [100.0]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("tenants.turns.monotonic", lambda: clock[0])
        yield clock


def run_half_a_second(crowd, clock):
    """One of acme's, after which acme 2 is next."""
    first = crowd.comes("acme 1")
    crowd.comes("acme 2")
    until(lambda: "acme 1" in crowd.began)
    clock[0] += 0.5
    crowd.goes("acme 1", first)


@pytest.mark.parametrize("crowd", [{"places": 3, "most": 1, "longest": 3}], indirect=True)
def test_who_has_a_line_rests_for_as_long_as_the_last_one_ran(crowd, clock):
    """And looks up by himself: nobody comes or goes meanwhile."""
    crowd.comes("globex 1")
    run_half_a_second(crowd, clock)
    clock[0] += 0.4
    crowd.comes("globex 2")  # whose coming has all looked at
    assert "acme 2" not in crowd.began
    clock[0] += 0.2
    until(lambda: "acme 2" in crowd.began)


@pytest.mark.parametrize(("left", "seconds"), [(0.25, 0.25), (0, 1), (-0.25, 1), (1.25, 1)])
def test_the_first_of_a_line_looks_again_at_the_end_of_its_rest(crowd, clock, left, seconds):
    """Or after a second, if that is earlier, or it does not rest."""
    crowd.turns._rests["acme"] = clock[0] + left
    assert crowd.turns._patience("acme") == seconds
    assert crowd.turns._patience("globex") == 1


@pytest.mark.parametrize("crowd", [{"places": 3, "most": 1, "longest": 3}], indirect=True)
def test_nobody_rests_who_is_alone(crowd, clock):
    run_half_a_second(crowd, clock)
    until(lambda: "acme 2" in crowd.began)


@pytest.mark.parametrize("crowd", [{"places": 3, "most": 1, "longest": 3}], indirect=True)
def test_a_rest_ends_with_the_last_of_the_others(crowd, clock):
    globex = crowd.comes("globex 1")
    run_half_a_second(crowd, clock)
    crowd.goes("globex 1", globex)
    until(lambda: "acme 2" in crowd.began)


def test_who_has_no_line_does_not_rest(crowd, clock):
    crowd.comes("globex 1")
    for number in (1, 2):
        acme = crowd.comes(f"acme {number}")
        until(lambda number=number: f"acme {number}" in crowd.began)
        clock[0] += 0.5
        crowd.goes(f"acme {number}", acme)


@pytest.mark.parametrize("crowd", [{"places": 3, "most": 1, "longest": 3}], indirect=True)
def test_a_rest_is_forgotten_with_the_line(crowd, clock):
    crowd.comes("globex 1")
    run_half_a_second(crowd, clock)
    clock[0] += 0.6
    until(lambda: "acme 2" in crowd.began)
    crowd.goes("acme 2", crowd.futures["acme 2"])
    assert not crowd.turns._rests


@pytest.mark.parametrize("crowd", [{"places": 3, "most": 1, "longest": 3}], indirect=True)
def test_a_slow_one_is_not_rested_from_for_ever(crowd, clock):
    """It waited for the database more than it computed."""
    crowd.comes("globex 1")
    first = crowd.comes("acme 1")
    crowd.comes("acme 2")
    clock[0] += 30
    crowd.goes("acme 1", first)
    clock[0] += 1.1
    until(lambda: "acme 2" in crowd.began)


def test_a_place_is_given_back_whatever_was_raised():
    turns = Turns(places=1, most=1, longest=1)
    for _ in range(3):
        with pytest.raises(LookupError), turns.taken("acme"):
            raise LookupError


def test_a_crowded_organisation_is_told_so_and_the_next_one_served(strange, acme, monkeypatch):
    crowded = Turns(places=1, most=1, longest=0)
    monkeypatch.setattr("tenants.middleware.turns", lambda: crowded)
    with crowded.taken("somebody"):
        for host in ("acme.localhost", "localhost"):
            page = strange.get("/", headers={"host": host})
            assert (page.status_code, page["Retry-After"]) == (503, "5")
        assert strange.get("/health/", headers={"host": "localhost"}).status_code == 200
    assert strange.get("/").status_code == 200

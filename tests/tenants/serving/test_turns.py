"""Turns: an organisation that floods a process waits behind itself."""

from concurrent.futures import ThreadPoolExecutor
from threading import Event
from time import monotonic

import pytest
from django.test import Client

from profiles.testing.installed import needs
from tenants.serving.pace import Pace
from tenants.serving.parking import has_own
from tenants.serving.turn import Crowded, Turn
from tenants.serving.turns import Turns, paused, turns
from tests.tenants.crowd import until


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
def test_the_next_turn_goes_to_the_organisation_with_the_fewest_running(crowd):
    """Not to the one that has waited longest, though both may have one more."""
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


@pytest.mark.parametrize("crowd", [{"places": 1, "most": 1, "longest": 3}], indirect=True)
def test_of_those_with_as_few_the_next_turn_goes_to_the_longest_waiting(crowd, clock):
    for name in ("initech 1", "acme 1", "acme 2", "globex 1"):
        crowd.comes(name)
    for number, name in enumerate(("initech 1", "acme 1"), start=2):
        crowd.goes(name, crowd.futures[name])
        until(lambda number=number: len(crowd.began) == number)
    assert crowd.began == ["initech 1", "acme 1", "globex 1"]


@pytest.mark.parametrize("crowd", [{"places": 1, "most": 1, "longest": 3}], indirect=True)
def test_who_is_next_begins_at_once(crowd, monkeypatch):
    """And not when they check again, which would be later than until() waits."""
    monkeypatch.setattr("tenants.serving.turns.SLOW_SECONDS", 8)
    first = crowd.comes("acme 1")
    crowd.comes("globex 1")
    crowd.goes("acme 1", first)
    until(lambda: "globex 1" in crowd.began)


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


@pytest.mark.parametrize("crowd", [{"places": 1, "most": 1, "longest": 3}], indirect=True)
def test_who_waits_is_told_at_once_when_others_that_flood_need_the_threads(crowd, monkeypatch):
    """Otherwise it would look again after more time than this waits."""
    monkeypatch.setattr("tenants.serving.turns.SLOW_SECONDS", 8)
    for number in range(4):
        crowd.comes(f"initech {number}")
    others = [Turn(), Turn()]
    for turn in others:
        crowd.turns.enter("acme", turn)
    for number in (3, 2):
        with pytest.raises(Crowded):
            crowd.futures[f"initech {number}"].result(5)
    assert not crowd.futures["initech 1"].done()
    assert [turn.is_refused for turn in others] == [False, False]
    for turn in others:
        crowd.turns.leave("acme", turn)


def test_while_others_are_there_one_has_its_share(crowd):
    """Three places, two organisations: one each, although the third is free at the moment."""
    crowd.comes("globex 1")
    crowd.comes("acme 1")
    crowd.comes("acme 2")
    assert {name: len(running) for name, running in crowd.turns._running.items()} == {"acme": 1, "globex": 1}


def test_who_is_alone_has_as_many_places_as_one_may(crowd):
    crowd.goes("acme 1", crowd.comes("acme 1"))
    crowd.comes("acme 2")
    crowd.comes("acme 3")
    assert len(crowd.turns._running["acme"]) == 2


def test_who_has_gone_has_no_share(crowd, clock):
    """All organisations without recent requests."""
    for name in ("globex 1", "initech 1"):
        crowd.goes(name, crowd.comes(name))
    clock[0] += 1.5
    crowd.comes("acme 1")
    assert list(crowd.turns._seen) == ["acme"]
    crowd.comes("acme 2")
    until(lambda: len(crowd.began) == 4)


def test_nor_has_who_went_before_one_that_has_come_again(crowd, clock):
    for name in ("acme 1", "globex 1", "acme 2", "acme 3"):
        crowd.goes(name, crowd.comes(name))
        clock[0] += 0.6
    assert list(crowd.turns._seen) == ["acme"]


def test_who_has_just_gone_may_be_back(crowd, clock):
    """Also if that request came long ago."""
    globex = crowd.comes("globex 1")
    clock[0] += 5
    crowd.goes("globex 1", globex)
    crowd.comes("acme 1")
    crowd.comes("acme 2")
    assert len(crowd.turns._running["acme"]) == 1
    clock[0] += 5


def test_a_slow_request_does_not_keep_the_others_of_its_organisation(crowd, monkeypatch):
    """It mostly waits for the database. A waiting request notices without being called."""
    for module in ("turn", "turns"):
        monkeypatch.setattr(f"tenants.serving.{module}.SLOW_SECONDS", 0.05)
    crowd.comes("globex 1")
    crowd.comes("acme 1")
    crowd.comes("acme 2")
    until(lambda: sorted(crowd.began) == ["acme 1", "acme 2", "globex 1"])


def test_a_place_is_given_back_after_an_exception():
    only_one = Turns(places=1, most=1, longest=1)
    for _ in range(3):
        with pytest.raises(LookupError), only_one.taken("acme"):
            raise LookupError


def test_a_crowded_organisation_is_told_so_and_the_next_one_served(strange, acme, monkeypatch):
    """The more are told so, the later."""
    crowded, refusals, slept = (
        Turns(places=1, most=1, longest=0),
        Pace(per_second=0.01, most_seconds=150),
        list[float](),
    )
    monkeypatch.setattr("tenants.serving.working.turns", lambda: crowded)
    monkeypatch.setattr("tenants.serving.middleware.refusals", lambda: refusals)
    monkeypatch.setattr("tenants.serving.pace.sleep", slept.append)
    with crowded.taken("globex"):
        for host in ("acme.localhost", "localhost"):
            page = strange.get("/", headers={"host": host})
            assert (page.status_code, page["Retry-After"]) == (503, "5")
        assert slept == pytest.approx([0, 100], abs=1)
        assert strange.get("/health/", headers={"host": "localhost"}).status_code == 200
    assert strange.get("/").status_code == 200


def test_all_requests_of_a_process_share_its_places():
    assert turns() is turns()


# --- Waiting without a place ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("crowd", [{"places": 1, "most": 1, "longest": 1}], indirect=True)
def test_who_waits_for_something_else_leaves_the_place_to_others(crowd):
    """And goes on when it is its turn again."""
    spare = Event()
    paused = crowd.pool.submit(pause, crowd.turns, spare)
    until(lambda: crowd.turns._paused["public"] == 1)
    acme = crowd.comes("acme 1")
    until(lambda: crowd.began == ["acme 1"])
    spare.set()
    until(lambda: "public" in crowd.turns._lines)
    assert not paused.done()
    crowd.goes("acme 1", acme)
    assert paused.result(10) == 1
    assert crowd.turns._paused["public"] == 0


@pytest.mark.parametrize("crowd", [{"places": 1, "most": 1, "longest": 1}], indirect=True)
def test_of_one_organisation_no_more_are_paused_than_may_wait(crowd):
    """Each keeps a thread."""
    spare = Event()
    first = crowd.pool.submit(pause, crowd.turns, spare)
    until(lambda: crowd.turns._paused["public"] == 1)
    with pytest.raises(Crowded):
        pause(crowd.turns, spare)
    spare.set()
    first.result(10)


def pause(turns: Turns, spare: Event) -> int:
    """A request that waits for it. Returns how many places are taken afterwards."""
    with turns.taken("public"):
        with paused():
            assert spare.wait(10)
        return len(turns._running["public"])


def test_a_pause_outside_all_turns_is_none():
    with paused():
        pass


@needs("tenants.registration")
@pytest.mark.slow
def test_who_waits_to_sign_up_keeps_no_one_from_the_landing_page(committed, monkeypatch, settings):
    """Neither by its place nor by its connection."""
    settings.SIGN_UP_SECONDS = 3
    only_one = Turns(places=1, most=1, longest=4)
    monkeypatch.setattr("tenants.serving.working.turns", lambda: only_one)
    with ThreadPoolExecutor(2) as pool:
        waiting = [pool.submit(sign_up, number) for number in range(2)]
        until(lambda: only_one._paused["public"] == 2)
        began = monotonic()
        assert Client(SERVER_NAME="localhost").get("/").status_code == 200
        assert monotonic() - began < 1
        assert [form.result() for form in waiting] == [True, True]


def sign_up(number: int) -> bool:
    """Is the form shown again, with an error, and is the thread without a connection?"""
    owner = {"name": "Ada Club", "email": "ada@club.example", "password": "plenty of rocket fuel"}
    page = Client(SERVER_NAME="localhost").post(
        "/sign-up/", {"organisation": f"Club {number}", "slug": f"club-{number}-waits", **owner}
    )
    return "We are preparing space" in page.text and not has_own()

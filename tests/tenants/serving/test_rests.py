"""Backing off: while others run, an organisation with a queue begins its next request later."""

import time

import pytest

from tests.tenants.crowd import until


def run_half_a_second(crowd, clock):
    """One of acme's, after which acme 2 is next."""
    first = crowd.comes("acme 1")
    crowd.comes("acme 2")
    until(lambda: "acme 1" in crowd.began)
    clock[0] += 0.5
    crowd.goes("acme 1", first)


@pytest.mark.parametrize("crowd", [{"places": 3, "most": 1, "longest": 3}], indirect=True)
def test_who_has_a_line_rests_for_as_long_as_the_last_one_ran(crowd, clock):
    """And checks again without being called: no request begins or ends meanwhile."""
    crowd.comes("globex 1")
    run_half_a_second(crowd, clock)
    clock[0] += 0.4
    crowd.comes("globex 2")  # whose coming has all looked at
    assert "acme 2" not in crowd.began
    clock[0] += 0.2
    until(lambda: "acme 2" in crowd.began)


@pytest.mark.parametrize(("left", "seconds"), [(0.25, 0.25), (0, 1), (-0.25, 1), (1.25, 1)])
def test_the_first_of_a_line_looks_again_at_the_end_of_its_rest(crowd, clock, left, seconds):
    """Or after a second, if that is earlier, or if it does not back off."""
    crowd.turns._rests["acme"] = clock[0] + left
    assert crowd.turns.patience("acme") == seconds
    assert crowd.turns.patience("globex") == 1


@pytest.mark.parametrize("crowd", [{"places": 3, "most": 1, "longest": 3}], indirect=True)
def test_an_organisation_that_is_alone_does_not_back_off(crowd, clock):
    run_half_a_second(crowd, clock)
    until(lambda: "acme 2" in crowd.began)


def test_nor_for_the_sake_of_their_own(crowd, clock):
    first = crowd.comes("acme 1")
    crowd.comes("acme 2")
    crowd.comes("acme 3")
    clock[0] += 0.5
    crowd.goes("acme 1", first)
    until(lambda: "acme 3" in crowd.began)


@pytest.mark.parametrize("crowd", [{"places": 3, "most": 1, "longest": 3}], indirect=True)
def test_a_request_notices_that_its_organisation_backs_off(crowd, monkeypatch):
    """Otherwise they would check again after more time than until() waits."""
    monkeypatch.setattr("tenants.serving.turns.SLOW_SECONDS", 8)
    crowd.comes("globex 1")
    first = crowd.comes("acme 1")
    crowd.comes("acme 2")
    time.sleep(0.2)  # It rests as long.
    crowd.goes("acme 1", first)
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
    """It mostly waited for the database."""
    crowd.comes("globex 1")
    first = crowd.comes("acme 1")
    crowd.comes("acme 2")
    clock[0] += 30
    crowd.goes("acme 1", first)
    clock[0] += 1.1
    until(lambda: "acme 2" in crowd.began)


@pytest.mark.parametrize("crowd", [{"places": 3, "most": 1, "longest": 3}], indirect=True)
def test_who_has_a_line_beside_another_line_rests_for_twice_as_long(crowd, clock):
    """Two floods together get what one alone would get."""
    for name in ("globex 1", "globex 2"):
        crowd.comes(name)
    run_half_a_second(crowd, clock)
    assert crowd.turns._rests["acme"] == clock[0] + 2 * 0.5

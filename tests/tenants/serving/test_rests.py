"""Backing off: while others are active, organisations that flood begin their next request later."""

import time

import pytest
from django.db import transaction
from django.template import Context, Template

from tenants.models import Tenant
from tenants.serving.turn import Turn
from tenants.serving.turns import Turns
from tenants.serving.working import working
from tests.daily import part_each_day
from tests.tenants.crowd import until

TWO_PLACES = pytest.mark.parametrize("crowd", [{"places": 2, "most": 1, "longest": 5}], indirect=True)


def flood(crowd, clock, name="acme"):
    """One request of the organisation that runs for half a second, and after which three are waiting."""
    first = crowd.comes(f"{name} 1")
    for number in (2, 3, 4):
        crowd.comes(f"{name} {number}")
    until(lambda: f"{name} 1" in crowd.began)
    clock[0] += 0.5
    crowd.goes(f"{name} 1", first)


@TWO_PLACES
def test_a_flood_rests_for_as_long_as_its_last_request_ran(crowd, clock):
    """And checks again without being called: no request begins or ends meanwhile."""
    crowd.comes("globex 1")
    flood(crowd, clock)
    clock[0] += 0.4
    crowd.comes("globex 2")  # whose coming has all looked at
    assert "acme 2" not in crowd.began
    clock[0] += 0.2
    until(lambda: "acme 2" in crowd.began)


@pytest.mark.parametrize("crowd", [{"places": 4, "most": 1, "longest": 9}], indirect=True)
@pytest.mark.parametrize(("others", "times"), part_each_day([(3, 3), (1, 1), (2, 2), (6, 3)], days=4))
def test_it_rests_once_for_each_other_organisation_up_to_the_places(crowd, clock, others, times):
    """So it gets the time of one of them, or that of one place if there are more of them."""
    for number in range(others):
        name = f"neighbour-{number} 1"
        crowd.goes(name, crowd.comes(name))
    first = crowd.comes("acme 1")
    for number in range(2, 8):
        crowd.comes(f"acme {number}")
    until(lambda: "acme 1" in crowd.began)
    clock[0] += 0.25
    crowd.goes("acme 1", first)
    clock[0] += 0.25 * times - 0.1
    crowd.turns.look_again()
    assert "acme 2" not in crowd.began
    clock[0] += 0.2
    until(lambda: "acme 2" in crowd.began)


@pytest.mark.parametrize(("left", "seconds"), [(0.25, 0.25), (0, 1), (-0.25, 1), (1.25, 1)])
def test_the_first_of_a_line_looks_again_at_the_end_of_its_rest(crowd, clock, left, seconds):
    """Or after a second, if that is earlier, or if it does not back off."""
    crowd.turns._floods.add("acme")
    crowd.turns._pause = clock[0] + left
    assert crowd.turns.patience("acme") == seconds
    assert crowd.turns.patience("globex") == 1


@TWO_PLACES
def test_an_organisation_that_is_alone_does_not_back_off(crowd, clock):
    flood(crowd, clock)
    until(lambda: "acme 2" in crowd.began)


@TWO_PLACES
def test_nor_does_one_beside_organisations_that_have_left(crowd, clock):
    crowd.goes("globex 1", crowd.comes("globex 1"))
    clock[0] += 1.1
    flood(crowd, clock)
    until(lambda: "acme 2" in crowd.began)


@TWO_PLACES
def test_a_request_notices_that_its_organisation_backs_off(crowd, monkeypatch):
    """Otherwise they would check again after more time than until() waits."""
    monkeypatch.setattr("tenants.serving.turns.SLOW_SECONDS", 8)
    crowd.comes("globex 1")
    first = crowd.comes("acme 1")
    for number in (2, 3, 4):
        crowd.comes(f"acme {number}")
    time.sleep(0.2)  # It rests as long.
    crowd.goes("acme 1", first)
    until(lambda: "acme 2" in crowd.began)


@TWO_PLACES
def test_who_has_a_short_line_does_not_rest(crowd, clock):
    """A browser asks for a page's pictures all at once."""
    crowd.comes("globex 1")
    first = crowd.comes("acme 1")
    crowd.comes("acme 2")
    crowd.comes("acme 3")
    until(lambda: "acme 1" in crowd.began)
    clock[0] += 0.5
    crowd.goes("acme 1", first)
    until(lambda: "acme 2" in crowd.began)


@pytest.mark.slow
@TWO_PLACES
def test_a_flood_is_over_with_its_line(crowd, clock):
    crowd.comes("globex 1")
    flood(crowd, clock)
    for number in (2, 3, 4):
        clock[0] += 0.6
        until(lambda number=number: f"acme {number}" in crowd.began)
        crowd.goes(f"acme {number}", crowd.futures[f"acme {number}"])
    assert not crowd.turns._floods


@pytest.mark.slow
@TWO_PLACES
def test_a_slow_one_is_not_rested_from_for_ever(crowd, clock):
    """It mostly waited for the database."""
    crowd.comes("globex 1")
    first = crowd.comes("acme 1")
    for number in (2, 3, 4):
        crowd.comes(f"acme {number}")
    clock[0] += 30
    crowd.comes("globex 2")  # which is active
    crowd.goes("acme 1", first)
    clock[0] += 0.9
    assert "acme 2" not in crowd.began
    clock[0] += 0.2
    until(lambda: "acme 2" in crowd.began)


@pytest.mark.parametrize("crowd", [{"places": 3, "most": 1, "longest": 8}], indirect=True)
def test_several_floods_get_what_one_would_get(crowd, clock):
    """One request of the tenant at a time, and it backs off after each."""
    crowd.comes("globex 1")
    for name in ("acme", "initech"):
        for number in range(1, 6):
            crowd.comes(f"{name} {number}")
    until(lambda: {"acme 1", "initech 1"} <= {*crowd.began})
    clock[0] += 0.5
    for name in ("acme", "initech"):
        crowd.goes(f"{name} 1", crowd.futures[f"{name} 1"])
    assert crowd.turns._floods == {"acme", "initech"}
    clock[0] += 0.6
    crowd.comes("globex 2")
    until(lambda: len(crowd.began) == 4)
    crowd.comes("globex 3")
    assert len({"acme 2", "initech 2"} & {*crowd.began}) == 1


def test_a_flood_that_waits_for_seconds_is_still_one(turns, clock):
    """Beside other floods it waits that long for its next turn, and no request of it comes or goes meanwhile."""
    [globex], [acme] = turns._running["globex"], turns._running["acme"]
    turns._pause = clock[0] + 9
    turns.leave("acme", acme)
    for _ in range(3):
        clock[0] += 0.9
        turns.leave("globex", globex)
        turns.enter("globex", globex)
    assert turns.is_flood("acme")
    assert "acme" not in turns._running, "It began beside the others' request, and without rests."


@pytest.fixture
def turns(clock):
    """globex is active, and acme, which floods, has a request that runs and one that waits."""
    turns = Turns(places=2, most=1, longest=5)
    turns.enter("globex", Turn())
    turns.enter("acme", Turn())
    turns.enter("acme", Turn())
    turns._floods.add("acme")
    return turns


def test_a_request_of_a_flood_rests_in_parts_for_the_same_time_in_all(turns, clock):
    [turn] = turns._running["acme"]
    clock[0] += 0.1
    assert turns.rest_within("acme", turn) == pytest.approx(0.1)
    clock[0] += 0.1
    assert turns.rest_within("acme", turn) == 0, "It has just rested."
    clock[0] += 0.25
    turns.leave("acme", turn)
    assert turns._pause == pytest.approx(clock[0] + 0.25), "For the last part, it rests after its end."


def test_others_rest_neither_while_they_run_nor_alone(turns, clock):
    [acme], [globex] = turns._running["acme"], turns._running["globex"]
    clock[0] += 0.1
    assert turns.rest_within("globex", globex) == 0
    turns.leave("globex", globex)
    clock[0] += 1.1
    turns._see("acme")
    assert turns.rest_within("acme", acme) == 0


def test_a_request_rests_between_statements_and_rows_but_in_no_transaction(committed, monkeypatch):
    slept, sleep = [], time.sleep

    def note_and_sleep(seconds: float) -> None:
        slept.append(seconds)
        sleep(seconds)

    monkeypatch.setattr("tenants.serving.resting.time.sleep", note_and_sleep)
    monkeypatch.setattr("tenants.serving.turns.LEAST_SECONDS", 0)
    crowded = Turns(places=2, most=1, longest=5)
    monkeypatch.setattr("tenants.serving.working.turns", lambda: crowded)
    crowded.enter("globex", Turn())
    crowded._floods.add("public")
    with working(None):
        rows = [(tenant.slug, tenant.pk) for tenant in Tenant.objects.order_by("pk")[:2]]
        before = len(slept)
        assert before, "A statement was sent."
        page = Template("{% for slug, pk in rows %}{{ slug }} {{ pk }}\n{% endfor %}")
        assert page.render(Context({"rows": rows})) == "".join(f"{slug} {pk}\n" for slug, pk in rows)
        assert len(slept) == before + 2
        with transaction.atomic():
            Tenant.objects.count()
        assert len(slept) == before + 2
    Tenant.objects.count()
    assert len(slept) == before + 2, "The request is over."

"""Operators change plans, and find organisations by them. The console works without plans, and plans without it."""

import csv
from datetime import UTC, datetime, timedelta

import pytest
from django.utils import timezone

from profiles.testing import SiteClient, needs, person
from tests.profiles.plans.conftest import LARGE
from tests.profiles.plans.test_plans import allowed, moved, row

pytestmark = needs("profiles.operators")
CHANGE = {"reason": "They asked us by phone", "plan": "large", "after": "small"}


def path(tenant):
    return f"/console/organisations/{tenant.pk}/actions/change_plan/"


def listed(operator, **query):
    page = operator.get("/console/organisations/", query)
    return [tenant.slug for tenant in page.context["page"].rows]


@needs("profiles.own_domains", "profiles.audit")  # what else is limited
def test_an_operator_gives_a_trial_and_agrees_on_more_seats(acme, operator, staff):
    from tests.profiles.operators.console import entries

    day = (timezone.now() + timedelta(days=10)).date()
    agreed = CHANGE | {"until": day, "agreed_seats": "40", "agreed_domains": "unlimited"}
    refused = operator.post(path(acme), agreed | {"agreed_audit_days": "unlimited"})
    assert "Enter a whole number, or nothing." in refused.text
    answer = operator.post(path(acme), agreed | {"agreed_audit_days": "3650"})
    assert answer.status_code == 302
    assert (allowed(acme), allowed(acme, "audit_days"), allowed(acme, "domains")) == (40, 3650, None)
    assert row(acme).until == datetime.combine(day, datetime.max.time(), tzinfo=UTC)
    assert "Large" in operator.get(f"/console/organisations/{acme.pk}/").text
    theirs, ours = entries(acme)[0], entries(staff)[0]
    assert (theirs.kind, theirs.actor_name) == ("organisation.plan_changed", "Olga Owner")
    assert (ours.kind, ours.changes) == ("console.change_plan", {"reason": ["", CHANGE["reason"]]})
    form = operator.get(path(acme)).text
    for kept in (f'value="{day}"', 'value="40"', 'value="unlimited"'):
        assert kept in form
    operator.post(path(acme), CHANGE)
    assert (allowed(acme), row(acme).until) == (LARGE, None)
    assert "Nothing was changed." in operator.post(path(acme), CHANGE, follow=True).text


@pytest.mark.parametrize(
    "wrong",
    [
        {"plan": "gold"},
        {"plan": "\0"},
        {"until": "2020-01-01"},
        {"until": "0000-99-99"},
        {"agreed_seats": "-1"},
        {"agreed_seats": "٣"},
        {"agreed_seats": "9" * 13},
        {"agreed_seats": "4.5"},
        {"reason": "why"},
    ],
)
def test_what_makes_no_sense_is_an_error_of_the_form(acme, operator, wrong):
    page = operator.post(path(acme), CHANGE | wrong)
    assert page.status_code == 200
    assert page.context["form"].errors
    assert allowed(acme) is None


def test_operators_find_organisations_by_plan_seats_and_end(acme, operator, give):
    from profiles.operators import census

    assert listed(operator, plan="standard") == ["acme", "globex"]
    give("large", days=3, after="small", exceptions={"seats": 2})
    census.take()
    assert "Large<br>until " in operator.get("/console/organisations/").text
    assert listed(operator, plan="large") == listed(operator, plan="-over") == ["acme"]
    assert listed(operator, plan="-ends") == ["acme"]
    assert listed(operator, plan="standard") == listed(operator, plan="standard", show="active") == ["globex"]
    page = operator.get(f"/console/organisations/{acme.pk}/").text
    assert "seats_over" in page
    give("large")
    assert listed(operator, plan="-ends") == []
    lines = b"".join(operator.get("/console/organisations.csv").streaming_content).decode("utf-8-sig").splitlines()
    found = {line["slug"]: (line["plan"], line["plan_until"]) for line in csv.DictReader(lines)}
    assert found == {"acme": ("large", ""), "globex": ("standard", "")}


def test_a_plan_that_has_ended_is_found_as_the_one_that_follows(acme, operator, give):
    give("large", days=3, after="small")
    moved(acme, days=4)
    assert listed(operator, plan="small") == ["acme"]
    assert listed(operator, plan="large") == []


def test_only_who_operates_changes_a_plan(acme, staff):
    editor = SiteClient(staff).sign_in(person(staff, "editor"))
    assert editor.post(path(acme), CHANGE).status_code == 403
    assert allowed(acme) is None

"""Plans: who sees and changes them, what they allow, how they end, and what is wrong in the settings."""

from datetime import timedelta
from functools import partial

import pytest
from django.core.exceptions import ValidationError
from django.core.management import call_command
from django.core.management.base import SystemCheckError
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from profiles.plans import held
from profiles.plans.changes import change_plan
from profiles.plans.ending import end_everywhere
from profiles.plans.models import HeldPlan
from profiles.testing import SiteClient, needs, new_organisation, person
from shared.plans import Plan
from tenants.allowances import allowance, plan_of
from tenants.context import public, within
from tenants.errors import WrongState
from tenants.organisations.remove import remove
from tenants.organisations.suspend import suspend
from tests.profiles.plans.conftest import LARGE, SMALL


def allowed(tenant, name="seats"):
    with within(tenant):
        return allowance(name)


def row(tenant):
    with public():
        return HeldPlan.objects.get(tenant=tenant)


def moved(tenant, **ago):
    """As if the plan had been given so long ago."""
    held_plan = row(tenant)
    with public():
        HeldPlan.objects.filter(tenant=tenant).update(until=held_plan.until - timedelta(**ago))
        held.renew(tenant)


@needs("profiles.own_domains")  # which are limited, too
def test_a_plan_is_given_seen_and_what_was_agreed_stays(acme, globex, owner, as_user, give):
    assert allowed(acme) is None
    browser = as_user(owner)
    assert "no limit" in browser.get("/settings/plan/").text
    give("small", exceptions={"seats": 40, "domains": None})
    page = browser.get("/settings/plan/").text
    assert "Small" in page
    assert "4 of 40" in page
    give("small", exceptions={})
    assert "Not included" in browser.get("/settings/plan/").text
    give("large", exceptions={"seats": 40, "domains": None})
    assert (allowed(acme), allowed(acme, "domains")) == (40, None)
    give("large", exceptions={})
    assert (allowed(acme), allowed(globex)) == (LARGE, None)
    assert "Large" not in SiteClient(globex).sign_in(person(globex, "owner")).get("/settings/plan/").text


@pytest.mark.parametrize("turn", [1, 2])
def test_a_test_begins_as_if_the_test_before_it_had_changed_no_plan(acme, visitor, give, turn, monkeypatch):
    monkeypatch.setattr(HeldPlan, "objects", None)  # Plans are in memory.
    assert (allowed(acme), plan_of(acme)) == (None, "standard")
    monkeypatch.undo()
    give("small")
    assert allowed(acme) == SMALL


def test_a_plan_costs_a_page_no_statement_and_all_processes_see_a_change(acme, reader, as_user, give):
    """Another process has changed the row: the directory is read again, and the plans with it."""
    browser = as_user(reader)
    browser.get("/people/")
    give("large", days=3)
    browser.get("/people/")
    with CaptureQueriesContext(connection) as sent, within(acme):
        assert (allowance("seats"), plan_of(acme)) == (LARGE, "large")
    assert len(sent) == 0
    held.doubt()  # as in a worker
    assert allowed(acme) == LARGE
    with CaptureQueriesContext(connection) as sent, public():
        held.remember()
        held.remember()
    assert len(sent) == 2  # nothing has changed, so only the version is read


@needs("profiles.operators")
def test_billing_may_say_the_same_twice_and_both_logs_have_it_once(acme, staff, give):
    from tests.profiles.operators.console import entries

    give("large", days=30)
    until = row(acme).until
    with public():
        change_plan(acme, plan="large", by="Billing", reason="Paid by card", until=until)
    [theirs] = [each for each in entries(acme) if each.kind == "organisation.plan_changed"]
    [ours] = [each for each in entries(staff) if each.kind == "console.plan_changed"]
    assert (theirs.actor, theirs.actor_name) == ("operator", "Billing")
    assert theirs.changes["plan"] == ["standard", "large"]
    assert ours.changes["reason"] == ["", "Paid by card"]
    assert "Paid by card" not in str(vars(theirs))


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"plan": "gold"}, "plan"),
        ({"plan": ""}, "plan"),
        ({"until": timezone.now()}, "until"),
        ({"until": timezone.now() + timedelta(days=1), "after": "gold"}, "after"),
        ({"exceptions": {"seats": -1}}, "exceptions"),
        ({"exceptions": {"yachts": 1}}, "exceptions"),
    ],
)
def test_what_makes_no_sense_is_refused(acme, wrong, field):
    with pytest.raises(ValidationError) as refused, public():
        change_plan(acme, **({"plan": "small", "by": "Billing", "reason": "Paid by card"} | wrong))
    assert list(refused.value.message_dict) == [field]
    with public():
        assert not HeldPlan.objects.exists()


def test_a_trial_begins_ends_by_itself_and_deletes_nothing(trial, run_jobs, mailoutbox):
    hooli = new_organisation("hooli")
    olga = person(hooli, "owner")
    run_jobs()
    mailoutbox.clear()
    assert allowed(hooli) == LARGE
    browser = SiteClient(hooli).sign_in(olga)
    assert "The plan Large ends" not in browser.get("/").text

    def night():
        mailoutbox.clear()
        end_everywhere()
        run_jobs()
        return [each.subject.partition(" on ")[0] for each in mailoutbox]

    assert night() == []
    moved(hooli, days=7)
    assert (night(), night()) == (["Hooli: the plan Large ends"], [])
    assert "The plan Large ends on" in browser.get("/").text
    moved(hooli, days=6)
    assert (night(), night()) == (["Hooli: the plan Large ends"], [])
    moved(hooli, days=2)
    assert allowed(hooli) == SMALL  # before the job has noted it
    assert (night(), night()) == (["Hooli has the plan Small now"], [])
    assert (row(hooli).plan, row(hooli).until, row(hooli).after) == ("small", None, "")
    assert "ends on" not in browser.get("/").text


def test_a_short_extension_is_not_followed_by_the_mail_of_a_week_before(acme, give, run_jobs, mailoutbox):
    give("large", days=3)
    end_everywhere()
    run_jobs()
    assert mailoutbox == []
    moved(acme, days=2.5)
    end_everywhere()
    run_jobs()
    assert [each.to for each in mailoutbox] == [["owner@acme.example"]]


def test_a_suspended_organisation_has_a_plan_and_a_removed_one_has_none(new_tenant):
    initech = new_tenant("initech")
    pay = partial(change_plan, initech, by="Billing", reason="Paid by card")
    with public():
        pay(plan="large")
        suspend(initech)
        pay(plan="small")
        assert HeldPlan.objects.filter(tenant=initech.pk).exists()
        remove(initech)
        assert not HeldPlan.objects.filter(tenant=initech.pk).exists()
        with pytest.raises(WrongState):
            pay(plan="large")


def test_operators_are_not_limited_by_a_plan(staff, give):
    give("small", tenant=staff)
    assert allowed(staff) is None


@needs("profiles.own_domains")
def test_the_plan_says_how_many_domains(owner, as_user, give):
    give("small")
    page = as_user(owner).post("/settings/domains/add/", {"host": "people.customer.example"}).text
    assert "Your plan includes no domains of your own." in page
    give("large", exceptions={"domains": 1})
    browser = as_user(owner)
    assert browser.post("/settings/domains/add/", {"host": "people.customer.example"}).status_code == 302
    page = browser.post("/settings/domains/add/", {"host": "two.customer.example"}).text
    assert "An organisation can have 1 domain." in page


@needs("profiles.audit")
def test_the_plan_says_how_long_the_activity_log_is_kept(acme, owner, as_user, give):
    from profiles.audit.keeping import kept_days

    assert "They are kept for 365 days." in as_user(owner).get("/settings/activity/").text
    assert "365 days" in as_user(owner).get("/settings/plan/").text, "It is the setting's, and not unlimited."
    give("small")
    assert "They are kept for 30 days." in as_user(owner).get("/settings/activity/").text
    give("small", exceptions={"audit_days": 3650})
    with within(acme):
        assert kept_days() == 3650


def test_plans_that_make_no_sense_stop_the_start(settings):
    settings.PLANS = {"odd": Plan(title="Odd", seats=0, more={"yachts": 1})}
    settings.PLAN_CHANGED_AT = "billing"
    with pytest.raises(SystemCheckError) as refused:
        call_command("check")
    for problem in ("DEFAULT of the plans is 'standard'", "'odd' has no seat", "limits 'yachts'", "CHANGED_AT"):
        assert problem in str(refused.value)


def test_a_name_that_no_app_has_registered_is_an_error(acme):
    with pytest.raises(LookupError, match="yachts"):
        allowed(acme, "yachts")

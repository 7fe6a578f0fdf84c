"""Suspending an organisation: suspend_organisation and resume_organisation."""

import pytest
from django.core.management import CommandError, call_command

from profiles.models import Session
from profiles.testing import SiteClient
from tenants.context import within
from tenants.errors import WrongState
from tenants.models import Tenant
from tenants.organisations.suspend import resume, suspend
from tenants.schemas.spares import make_spare
from tests.tenants import jobs
from tests.tenants.commands import run


@pytest.fixture
def member(acme, as_user, reader) -> SiteClient:
    """A reader's browser, whose host this process has cached."""
    browser = as_user(reader)
    assert browser.get("/people/").status_code == 200
    return browser


def test_its_pages_say_so_and_come_back_with_everyone_signed_in(acme, member):
    assert "Acme is suspended, in all processes within 5 seconds." in run("suspend_organisation", "acme")
    page = member.get("/people/")
    assert (page.status_code, "Acme is suspended" in page.text) == (403, True)
    with within(acme):
        assert Session.objects.exists()
    assert "Acme is active again" in run("resume_organisation", acme.schema_name)
    assert member.get("/people/").status_code == 200


def test_its_owner_reads_who_to_write_to(acme, visitor, settings):
    suspend(acme)
    assert "contact an owner" in visitor.get("/").text
    settings.BRAND = {**settings.BRAND, "SUPPORT_EMAIL": "help@tenantry.example"}
    assert '<a href="mailto:help@tenantry.example">' in visitor.get("/").text


def test_no_other_organisation_is_suspended(acme, globex, stranger):
    theirs = SiteClient(globex).sign_in(stranger)
    suspend(acme)
    assert theirs.get("/people/").status_code == 200
    assert Tenant.objects.get(pk=globex.pk).state == "active"


def test_its_jobs_wait_and_are_done_afterwards(acme, run_jobs, monkeypatch):
    monkeypatch.setattr(jobs, "done", [])
    with within(acme):
        jobs.greet.defer(pk=1)
    suspend(acme)
    with pytest.raises(RuntimeError, match=r"is suspended\. Its jobs wait"):
        run_jobs()
    resume(acme)
    run_jobs()
    assert jobs.done == [("acme", "owner@acme.example")]


@pytest.mark.parametrize(
    ("command", "state", "words"),
    [
        ("suspend_organisation", "suspended", "acme is suspended. This is possible only for .* that is active."),
        ("resume_organisation", "active", "acme is active. This is possible only for .* that is suspended."),
        ("suspend_organisation", "leaving", "acme is leaving"),
        ("resume_organisation", "removed", "acme is removed"),
    ],
)
def test_in_another_state_it_says_which(acme, command, state, words):
    Tenant.objects.filter(pk=acme.pk).update(state=state)
    with pytest.raises(CommandError, match=words):
        call_command(command, "acme")
    assert Tenant.objects.get(pk=acme.pk).state == state


@pytest.mark.parametrize("command", ["suspend_organisation", "resume_organisation", "remove_organisation"])
def test_a_typo_is_said_in_words(acme, command):
    with pytest.raises(CommandError, match=r"There is no organisation 'acmee'\. `manage\.py tenants` lists them all"):
        call_command(command, "acmee")


def test_neither_the_template_nor_a_spare_can_be_suspended(db):
    for tenant in (Tenant.objects.template(), make_spare()):
        with pytest.raises(WrongState, match=f"{tenant.schema_name} is {tenant.state}"):
            suspend(tenant)


def test_who_comes_second_is_told(acme):
    """It was suspended after this object was read."""
    mine = Tenant.objects.get(pk=acme.pk)
    suspend(acme)
    with pytest.raises(WrongState):
        suspend(mine)
    assert mine.state == "suspended"

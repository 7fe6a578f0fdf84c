"""An owner deletes the organisation: it is suspended for a time, in which every owner can keep it."""

import re
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from profiles.leaving.ending import end_departures
from profiles.leaving.models import Departure
from profiles.models import OutgoingMail, User
from profiles.testing import SiteClient, person
from tenants.context import public, within
from tenants.models import Tenant
from tenants.organisations.suspend import resume
from tests.tenants.commands import run

PAGE = "/settings/delete/"


def links(mailoutbox) -> dict[str, str]:
    """The newest link that each owner got, as a path of the public site."""
    return {mail.to[0]: re.findall(r"http://localhost:\d+(/leaving/\S+)", mail.body)[0] for mail in mailoutbox}


def state(tenant: Tenant) -> str:
    return Tenant.objects.values_list("state", flat=True).get(pk=tenant.pk)


@pytest.mark.parametrize("typed", ["", "Acme", "globex", "acme.localhost"])
def test_owner_has_to_type_the_slug(acme, browser, typed):
    answer = browser.post(PAGE, {"slug": typed})
    assert answer.status_code == 200
    assert answer.context["form"].errors["slug"]
    assert state(acme) == "active"


def test_owner_has_to_give_the_password(acme, as_user, owner):
    answer = as_user(owner).post(PAGE, {"slug": "acme"})
    assert answer.url.startswith("/account/reauthenticate/")
    assert state(acme) == "active"


@pytest.mark.parametrize("role", ["admin", "editor", "reader"])
def test_others_cannot_delete(acme, as_user, request, role):
    other = as_user(request.getfixturevalue(role)).give_password()
    assert other.post(PAGE, {"slug": "acme"}).status_code == 403
    assert PAGE not in other.get("/settings/").content.decode()
    assert state(acme) == "active"


def test_page_says_what_goes(browser):
    page = browser.get(PAGE).content.decode()
    assert "It has 5 members." in page
    assert "everything is deleted in 30 days" in page
    assert f'href="{PAGE}"' in browser.get("/settings/").content.decode()


def test_members_are_told_until_when(acme, leaving, as_user, reader):
    assert state(acme) == "suspended"
    answer = as_user(reader).get("/")
    assert answer.status_code == 403
    assert f"It will be deleted on {leaving.due.day} {leaving.due:%B}" in answer.content.decode()


def test_page_of_one_that_an_operator_has_suspended_says_nothing_of_it(acme, visitor):
    run("suspend_organisation", "acme")
    page = visitor.get("/").content.decode()
    assert "suspended" in page
    assert "deleted on" not in page


def test_all_owners_are_told_at_once_though_it_is_suspended(acme, second_owner, leaving, mailoutbox):
    assert sorted(mail.to[0] for mail in mailoutbox) == ["admin@acme.example", "owner@acme.example"]
    for mail in mailoutbox:
        assert mail.subject.startswith("Acme will be deleted on ")
        assert "Olga Owner has asked to delete Acme" in mail.body
    with within(acme):
        assert not OutgoingMail.objects.exists()


@pytest.mark.usefixtures("second_owner", "leaving")
def test_each_owner_can_keep_it(acme, mailoutbox, public_client, run_jobs, as_user, reader):
    path = links(mailoutbox)["admin@acme.example"]
    assert "Keep Acme?" in public_client.get(path).content.decode()
    assert state(acme) == "suspended"
    mailoutbox.clear()
    answer = public_client.post(path)
    assert answer.url == "http://acme.localhost:8000/"
    assert state(acme) == "active"
    assert as_user(reader).get("/").status_code == 200
    run_jobs()
    assert [mail.subject for mail in mailoutbox] == ["Acme is kept", "Acme is kept"]
    assert "Adam Admin has kept Acme" in mailoutbox[0].body
    assert public_client.post(path).status_code == 410


def test_link_of_one_who_is_no_owner_any_more_keeps_nothing(acme, second_owner, leaving, mailoutbox, public_client):
    path = links(mailoutbox)["admin@acme.example"]
    with within(acme):
        User.objects.filter(pk=second_owner.pk).update(role="admin")
    assert [public_client.get(path).status_code, public_client.post(path).status_code] == [410, 410]
    assert state(acme) == "suspended"


def test_link_of_another_organisation_keeps_nothing(acme, globex, leaving, mailoutbox, public_client):
    """The owner there has the same primary key."""
    there = SiteClient(globex).sign_in(person(globex, "owner")).give_password()
    there.post(PAGE, {"slug": "globex"})
    path = links(mailoutbox)["owner@acme.example"].replace("/acme/", "/globex/")
    assert public_client.post(path).status_code == 410
    assert state(globex) == "suspended"
    assert Client(SERVER_NAME="localhost").post("/leaving/nowhere/token/").status_code == 410


def test_reminders_come_a_week_and_a_day_before_and_once(acme, leaving, an_hour_before, run_jobs, mailoutbox):
    said = {}
    for days in (29, 8, 6.9, 6, 1.5, 0.9, 0.5):
        mailoutbox.clear()
        an_hour_before(days)
        run_jobs()
        said[days] = len(mailoutbox)
    assert said == {29: 0, 8: 0, 6.9: 1, 6: 0, 1.5: 0, 0.9: 1, 0.5: 0}
    assert state(acme) == "suspended"


@pytest.mark.usefixtures("leaving")
def test_no_reminder_comes_together_with_the_first_mail(run_jobs, mailoutbox):
    """Where LEAVING_DAYS is less than a week."""
    mailoutbox.clear()
    due = timezone.now() + timedelta(days=5)
    with public():
        Departure.objects.update(due=due, asked=timezone.now())
    end_departures.func()
    run_jobs()
    assert mailoutbox == []


def test_link_of_a_reminder_works(acme, leaving, an_hour_before, run_jobs, mailoutbox, public_client):
    mailoutbox.clear()
    an_hour_before(0.9)
    run_jobs()
    assert "all its data will be deleted on" in mailoutbox[0].body
    public_client.post(links(mailoutbox)["owner@acme.example"])
    assert state(acme) == "active"


def test_operator_who_resumes_it_keeps_it(acme, leaving, an_hour_before):
    acme.refresh_from_db()
    resume(acme)
    an_hour_before(-1)
    assert state(acme) == "active"
    with public():
        assert not Departure.objects.exists()


def test_owner_can_delete_it_again_after_it_was_kept(acme, leaving, browser):
    acme.refresh_from_db()
    resume(acme)
    assert browser.give_password().post(PAGE, {"slug": "acme"}).status_code == 302
    assert state(acme) == "suspended"

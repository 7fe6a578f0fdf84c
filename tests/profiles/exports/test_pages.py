"""Owners export the organisation; the link leads to the file for a day, and for this organisation only."""

from datetime import timedelta
from io import BytesIO

import pytest
from django.core import mail
from django.core.files.storage import default_storage
from django.utils import timezone
from procrastinate.contrib.django.models import ProcrastinateJob

from profiles.exports import keeping
from profiles.exports.verifying import opened, problems
from profiles.models import User
from profiles.testing import SiteClient, person, queued_jobs
from tenants.cleaning import clean_up
from tenants.context import public, within
from tenants.organisations.remove import delete_files

PAGE = "/settings/export/"


@pytest.fixture
def browser(as_user, owner) -> SiteClient:
    """The owner's, where the password was given a moment ago."""
    return as_user(owner).give_password()


@pytest.fixture
def made(browser, run_jobs) -> SiteClient:
    """The same once the export is made, and all mail sent."""
    browser.post(PAGE)
    run_jobs()
    return browser


def link(browser: SiteClient) -> str:
    with within(browser.tenant):
        ready = keeping.state().ready
        assert ready is not None
        return f"{PAGE}{ready.token}/"


def content(answer) -> bytes:
    return b"".join(answer.streaming_content)


def test_owner_is_asked_for_the_password_first(as_user, owner):
    answer = as_user(owner).post(PAGE)
    assert answer.url.startswith("/account/reauthenticate/")
    assert queued_jobs() == []


@pytest.mark.parametrize("role", ["admin", "editor", "reader"])
def test_others_cannot_export(as_user, request, made, role):
    other = as_user(request.getfixturevalue(role)).give_password()
    assert other.post(PAGE).status_code == 403
    assert other.get(link(made)).status_code == 403
    assert PAGE not in other.get("/settings/").content.decode()


def test_owner_downloads_a_file_that_fits(made):
    answer = made.get(link(made))
    assert answer["Content-Disposition"].startswith('attachment; filename="acme-')
    package, manifest = opened(BytesIO(content(answer)))
    assert problems(package, manifest) == []
    assert manifest.organisation["name"] == "Acme"
    assert not manifest.with_secrets


def test_all_owners_are_told_with_the_link(acme, browser, run_jobs):
    with within(acme):
        User.objects.filter(username="admin").update(role="owner")
    browser.post(PAGE)
    run_jobs()
    assert sorted(message.to[0] for message in mail.outbox) == ["admin@acme.example", "owner@acme.example"]
    for message in mail.outbox:
        assert message.subject == "The export of Acme is ready"
        assert "Olga Owner has exported all data of Acme" in message.body
        path = next(line for line in message.body.splitlines() if PAGE in line).partition("localhost:8000")[2]
        assert content(browser.get(path))


def test_one_at_a_time(browser, as_user, owner):
    browser.post(PAGE)
    page = browser.post(PAGE, follow=True).content.decode()
    assert "already being made" in page
    assert len(queued_jobs()) == 1
    with public():
        ProcrastinateJob.objects.filter(status="todo").update(status="doing")
    assert "already being made" in browser.post(PAGE, follow=True).content.decode()
    assert len(queued_jobs()) == 0


def test_page_says_how_far_it_is(acme, browser):
    browser.post(PAGE)
    with within(acme):
        keeping.write("key", "progress", {"done": 30, "of": 120})
    assert 'value="25"' in browser.get(PAGE).content.decode()


def test_page_says_that_it_failed(acme, browser):
    with within(acme):
        keeping.write("key", "progress", {"done": 30, "of": 120})
    assert "could not be finished" in browser.get(PAGE).content.decode()


def test_progress_is_written_down(acme, monkeypatch):
    monkeypatch.setattr(keeping, "EVERY", 0)
    with within(acme):
        ready = keeping.make()
        progress = keeping.read(ready.key, "progress")
    assert progress["done"] == progress["of"] > 10


def test_next_export_takes_the_place_of_the_last_one(acme, made, run_jobs):
    old = link(made)
    made.post(PAGE)
    run_jobs()
    assert made.get(old).status_code == 410
    assert content(made.get(link(made)))
    with within(acme):
        assert len(keeping.keys()) == 1


def test_link_is_of_this_organisation_only(globex, made):
    there = SiteClient(globex).sign_in(person(globex, "owner"))
    with within(globex):
        keeping.make()
    assert there.get(link(made)).status_code == 410
    assert there.get(f"{PAGE}dead/").status_code == 410


def test_link_is_dead_after_a_day_and_the_file_goes_at_night(acme, made, monkeypatch):
    path = link(made)
    with within(acme):
        clean_up()
        assert len(keeping.keys()) == 1
    later = timezone.now() + timedelta(hours=25)
    monkeypatch.setattr("django.core.signing.time.time", later.timestamp)
    monkeypatch.setattr("django.utils.timezone.now", lambda: later)
    assert made.get(path).status_code == 410
    assert "Download" not in made.get(PAGE).content.decode()
    with within(acme):
        clean_up()
        assert keeping.keys() == []


def test_exports_go_with_the_organisation(acme, made):
    delete_files(acme)
    with within(acme):
        assert not default_storage.exists("exports")


def test_export_that_is_being_made_is_not_swept(acme, browser, monkeypatch):
    browser.post(PAGE)
    with within(acme):
        keeping.write("key", "progress", {"done": 1, "of": 2})
        later = timezone.now() + timedelta(days=3)
        monkeypatch.setattr("django.utils.timezone.now", lambda: later)
        assert keeping.sweep() == 0
        assert keeping.read("key", "progress")


def test_owner_finds_it_in_the_settings(browser):
    assert f'href="{PAGE}"' in browser.get("/settings/").content.decode()

"""People find their organisations by email; the page tells no one who belongs where."""

import re
from datetime import timedelta
from smtplib import SMTPRecipientsRefused

import pytest
from django.core import mail
from django.core.mail.backends.locmem import EmailBackend
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from procrastinate.contrib.django.models import ProcrastinateJob

from profiles.finding.models import Request
from profiles.finding.remembering import COOKIE
from profiles.finding.searching import search
from profiles.models import Invitation, User
from profiles.testing import PASSWORD, SiteClient
from tenants.context import as_owner, public, within
from tenants.models import Tenant
from tenants.organisations.suspend import suspend

SHARED = "rita@both.example"


@pytest.fixture
def rita(acme, globex) -> str:
    """The address of a reader of acme who is invited as an editor by globex."""
    with within(acme):
        User.objects.filter(username="reader").update(email=SHARED)
    with within(globex):
        Invitation.objects.create(email=SHARED, role="editor")
    return SHARED


def find(client, email: str, **headers: str) -> str:
    answer = client.post("/find/", {"email": email}, **headers)
    assert answer.status_code == 302, answer.context["form"].errors
    return answer.url


def test_one_mail_names_every_organisation_and_open_invitation(public_client, rita):
    find(public_client, " Rita@BOTH.example ")
    search.func()
    [message] = mail.outbox
    assert message.to == [rita]
    assert "Acme – Reader\nhttp://acme.localhost:8000/" in message.body
    assert "Globex – open invitation, as Editor\nhttp://globex.localhost:8000/invitations/" in message.body
    link = re.search(r"http://globex.localhost:8000(/invitations/\S+)", str(message.body))
    assert link is not None
    assert not Request.objects.exists()


def test_the_page_is_the_same_and_does_the_same_for_every_address(public_client, rita):
    statements, pages = [], []
    for email in (rita, "nobody@nowhere.example"):
        with CaptureQueriesContext(connection) as captured:
            pages.append(public_client.get(find(public_client, email)).content)
        sent = [query["sql"] for query in captured if "set_config" not in query["sql"]]
        statements.append([re.sub(r"'[^']*'|\d+", "?", sql) for sql in sent])
        Request.objects.all().delete()
        with public(), connection.cursor() as cursor:
            cursor.execute("DELETE FROM procrastinate_jobs")
    assert pages[0] == pages[1]
    assert statements[0] == statements[1]
    search.func()
    assert mail.outbox == []


def test_public_names_no_person(public_client, rita):
    find(public_client, rita)
    with public(), connection.cursor() as cursor:
        cursor.execute("SELECT string_agg(t::text, '') FROM finding_request t")
        rows = cursor.fetchone()[0]
        cursor.execute("SELECT string_agg(args::text, '') FROM procrastinate_jobs")
        jobs = cursor.fetchone()[0]
    assert "encrypted:" in rows
    for text in (rows, jobs):
        assert "rita" not in text.lower()
        assert "both.example" not in text


def test_who_left_and_what_is_not_served_is_not_named(public_client, acme, globex, rita):
    with within(acme):
        User.objects.filter(email=rita).update(is_active=False)
    with within(globex):
        Invitation.objects.filter(email=rita).update(expires=timezone.now())
    find(public_client, rita)
    search.func()
    with within(globex):
        Invitation.objects.filter(email=rita).update(expires=timezone.now() + timedelta(days=1))
    suspend(globex)
    find(public_client, rita)
    search.func()
    assert mail.outbox == []


def test_a_mailbox_gets_three_mails_an_hour_and_the_page_does_not_say_so(public_client, rita):
    for number in range(4):
        find(public_client, rita, REMOTE_ADDR=f"203.0.113.{number}")
        search.func()
    assert len(mail.outbox) == 3


def test_an_address_that_asks_too_often_is_told(public_client, settings):
    settings.LIMITS = {**settings.LIMITS, "find": {"address": (1, 3600), "mailbox": (3, 3600)}}
    find(public_client, "a@b.example")
    refused = public_client.post("/find/", {"email": "c@d.example"})
    assert refused.status_code == 429
    assert 'value="c@d.example"' in refused.content.decode()


def test_those_who_ask_together_are_looked_for_once(public_client, rita, owner):
    for email in (rita, owner.email, "x@y.example"):
        find(public_client, email, REMOTE_ADDR="203.0.113.7")
    with CaptureQueriesContext(connection) as captured:
        search.func()
    asked = [query["sql"] for query in captured if "UNION ALL" in query["sql"]]
    assert len(asked) == Tenant.objects.active().count()
    assert {message.to[0] for message in mail.outbox} == {rita, owner.email}


class Refusing(EmailBackend):
    """A mail server that refuses one mailbox."""

    def send_messages(self, messages):
        if messages[0].to == [SHARED]:
            raise SMTPRecipientsRefused({})
        return super().send_messages(messages)


class Broken(EmailBackend):
    """One that cannot write one mail, as an encoder that meets what it does not know."""

    def send_messages(self, messages):
        if messages[0].to == [SHARED]:
            raise UnicodeEncodeError("ascii", "x", 0, 1, "not in range")
        return super().send_messages(messages)


def test_an_organisation_that_cannot_answer_keeps_no_mail_back(public_client, acme, rita, caplog):
    with as_owner(), within(acme), connection.cursor() as cursor:
        cursor.execute("ALTER TABLE profiles_invitation RENAME TO broken")
    find(public_client, rita)
    search.func()
    [message] = mail.outbox
    assert "Globex" in message.body
    assert "Acme" not in message.body
    assert f"{acme.schema_name} could not be asked" in caplog.text


def test_those_who_did_not_fit_into_a_round_are_looked_for_in_the_next(public_client, rita, owner, monkeypatch):
    monkeypatch.setattr("profiles.finding.searching.MOST", 1)
    for email in (rita, owner.email):
        find(public_client, email)
    for left in (1, 0):
        with public():
            ProcrastinateJob.objects.all().delete()
        search.func()
        assert Request.objects.count() == left
        with public():
            assert ProcrastinateJob.objects.filter(task_name="finding.search", status="todo").exists()


@pytest.mark.parametrize("backend", ["Refusing", "Broken"])
def test_a_mailbox_that_refuses_keeps_no_other_waiting(public_client, rita, owner, settings, backend):
    settings.EMAIL_BACKEND = f"{__name__}.{backend}"
    find(public_client, rita)
    find(public_client, owner.email)
    with pytest.raises(ExceptionGroup):
        search.func()
    assert [message.to for message in mail.outbox] == [[owner.email]]
    assert Request.objects.get().email == rita
    Request.objects.update(created=timezone.now() - timedelta(hours=2))
    search.func()
    assert not Request.objects.exists()


def test_the_browser_remembers_where_it_was_signed_in_and_can_forget(acme, globex, public_client, reader):
    browser = SiteClient(acme)
    signed_in = browser.post("/account/login/", {"login": "reader", "password": PASSWORD})
    cookie = signed_in.cookies[COOKIE]
    assert (cookie.value, cookie["domain"], bool(cookie["httponly"])) == ("acme", "localhost", True)
    browser.cookies[COOKIE] = "globex.acme.<script>.globex..-x." + "a" * 70
    page = browser.get("/").content.decode()
    assert 'href="http://globex.localhost:8000"' in page
    assert "<script>.localhost" not in page
    assert 'href="http://acme.localhost:8000"' not in page

    public_client.cookies[COOKIE] = "globex.acme"
    for path in ("/", "/find/"):
        assert "globex.localhost" in public_client.get(path).content.decode()
    gone = public_client.post("/find/forget/")
    assert gone.cookies[COOKIE]["max-age"] == 0
    assert "globex.localhost" not in public_client.get("/find/").content.decode()


@pytest.mark.parametrize("typed", ["", "x", "a@b", "a b@c.example", "\0@c.example", "a@c.example\nBcc: d@e.example"])
def test_what_is_no_address_is_refused_and_asks_nothing(public_client, typed):
    assert public_client.post("/find/", {"email": typed}).status_code == 200
    assert not Request.objects.exists()

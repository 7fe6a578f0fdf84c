"""Mail: queued with what it is about, sent after it, kept until it is sent, and honest in its headers."""

import smtplib

import pytest
from allauth.account.adapter import get_adapter
from allauth.core import context
from django.core import mail as django_mail
from django.core.mail import BadHeaderError
from django.core.mail.backends.base import BaseEmailBackend
from django.core.mail.backends.locmem import EmailBackend as LocalMailbox
from django.db import transaction
from django.test import RequestFactory
from django.utils import timezone
from procrastinate.contrib.django.models import ProcrastinateJob

from profiles.mail import outbox
from profiles.mail.delivery import deliver
from profiles.models import OutgoingMail
from profiles.testing import drop_jobs, needs
from tenants.context import public, within
from tenants.errors import NoTenant
from tests.tenants.jobs import worker_app

NOTIFICATIONS = [
    "account/email/password_changed",
    "account/email/password_reset",
    "account/email/password_set",
    "account/email/email_changed",
    "account/email/email_deleted",
    pytest.param("mfa/email/totp_activated", marks=needs("profiles.two_factor")),
    pytest.param("mfa/email/totp_deactivated", marks=needs("profiles.two_factor")),
    pytest.param("mfa/email/recovery_codes_generated", marks=needs("profiles.two_factor")),
]


class DeadServer(BaseEmailBackend):
    """A mail server that does not answer."""

    def send_messages(self, email_messages):
        raise smtplib.SMTPServerDisconnected("Connection unexpectedly closed")


class ShakyServer(LocalMailbox):
    """A mail server that refuses each message the first time."""

    seen: set[str] = set()

    def send_messages(self, email_messages):
        if new := {message.subject for message in email_messages} - self.seen:
            self.seen.update(new)
            raise smtplib.SMTPDataError(451, b"Come back later")
        return super().send_messages(email_messages)


@pytest.fixture
def no_mail(acme, globex):
    """Nothing waits: the world's own mails are gone."""
    for tenant in (acme, globex):
        with within(tenant):
            OutgoingMail.objects.all().delete()


def queue(tenant, subject="Hello", to="reader@acme.example", **values):
    with within(tenant):
        outbox.queue(to=to, subject=subject, text="Text", **values)


def waiting(tenant):
    with within(tenant):
        return list(OutgoingMail.objects.order_by("pk").values_list("subject", flat=True))


def test_a_message_is_sent_by_the_job_and_then_forgotten(acme, no_mail, run_jobs, mailoutbox):
    queue(acme, html="<p>Text</p>")
    assert mailoutbox == []
    assert run_jobs() == 1
    (message,) = mailoutbox
    assert (message.to, message.subject, message.body) == (["reader@acme.example"], "Hello", "Text")
    assert message.alternatives[0] == ("<p>Text</p>", "text/html")
    assert waiting(acme) == []


def test_a_message_without_html_is_text_alone(acme, no_mail, run_jobs, mailoutbox):
    queue(acme)
    run_jobs()
    assert mailoutbox[0].alternatives == []


def test_what_is_rolled_back_is_not_sent(acme, no_mail, run_jobs, mailoutbox):
    with transaction.atomic():
        queue(acme)
        transaction.set_rollback(True)
    assert run_jobs() == 0
    assert mailoutbox == []


def test_the_job_names_no_one(acme, no_mail):
    queue(acme, subject="Secret plans")
    with public():
        args = ProcrastinateJob.objects.get().args
    with within(acme):
        waiting_mail = OutgoingMail.objects.get()
    assert args == {"schema_name": acme.schema_name, "arguments": {"pk": waiting_mail.pk}}


def test_each_organisation_sends_its_own(acme, globex, no_mail, run_jobs, mailoutbox):
    queue(acme, subject="From Acme")
    queue(globex, subject="From Globex", to="reader@globex.example")
    run_jobs()
    sent = {(message.subject, message.to[0]) for message in mailoutbox}
    assert sent == {("From Acme", "reader@acme.example"), ("From Globex", "reader@globex.example")}


def test_outside_all_organisations_there_is_no_mail(db):
    with pytest.raises(NoTenant):
        outbox.queue(to="reader@acme.example", subject="Hello", text="Text")


def test_a_job_done_twice_sends_once(acme, no_mail, mailoutbox):
    queue(acme)
    with within(acme):
        pk = OutgoingMail.objects.get().pk
        deliver(pk=pk)
        deliver(pk=pk)
    assert len(mailoutbox) == 1


# --- When the server fails ---------------------------------------------------------------------------------


def test_a_message_stays_while_the_server_is_dead(acme, no_mail, settings):
    queue(acme)
    settings.EMAIL_BACKEND = f"{__name__}.DeadServer"
    with within(acme), pytest.raises(smtplib.SMTPServerDisconnected):
        deliver(pk=OutgoingMail.objects.get().pk)
    assert waiting(acme) == ["Hello"]


def test_it_is_tried_again_for_about_a_day():
    retry = deliver.task.retry_strategy.own
    waits = [retry.wait + retry.exponential_wait ** (attempt + 1) for attempt in range(retry.max_attempts)]
    assert waits[0] < 10
    assert 20 * 3600 < sum(waits) < 30 * 3600


def test_the_worker_tries_again_what_failed_and_forgets_what_it_sent(new_tenant, settings):
    """By procrastinate's own worker, on committed rows."""
    tenant = new_tenant("shaky")
    with within(tenant):
        OutgoingMail.objects.all().delete()
        drop_jobs()
    settings.EMAIL_BACKEND = f"{__name__}.ShakyServer"
    queue(tenant, subject="First")
    queue(tenant, subject="Second")
    work()
    assert waiting(tenant) == ["First", "Second"]
    with public():
        jobs = ProcrastinateJob.objects.filter(status="todo", attempts=1, scheduled_at__gt=timezone.now())
        assert jobs.count() == 2
        jobs.update(scheduled_at=timezone.now())
    work()
    assert waiting(tenant) == []
    assert sorted(message.subject for message in django_mail.outbox) == ["First", "Second"]


def work():
    """Let procrastinate's worker do the mails that are due."""
    with worker_app() as app:
        app.run_worker(queues=["mail"], wait=False, install_signal_handlers=False)


def test_many_messages_are_all_sent(acme, no_mail, run_jobs, mailoutbox):
    for number in range(60):
        queue(acme, subject=f"Number {number}")
    assert run_jobs() == 60
    assert [message.subject for message in mailoutbox] == [f"Number {number}" for number in range(60)]
    assert waiting(acme) == []


# --- Headers -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("line_break", ["\n", "\r", "\r\n", "\x0b", "\x0c", "\x85", "\u2028"])
def test_a_subject_adds_no_header(acme, no_mail, run_jobs, mailoutbox, line_break):
    queue(acme, subject=f"Hello{line_break}Bcc: eve@example.com")
    run_jobs()
    assert mailoutbox[0].subject == "Hello Bcc: eve@example.com"
    assert mailoutbox[0].message()["Bcc"] is None


@pytest.mark.parametrize("to", ["reader@acme.example\nBcc: eve@example.com", "a@b.example\r\nSubject: x", ""])
def test_an_address_adds_no_header(acme, no_mail, to):
    with pytest.raises(BadHeaderError):
        queue(acme, to=to)
    assert waiting(acme) == []


def test_a_comma_in_an_address_adds_no_recipient(acme, no_mail, run_jobs, mailoutbox):
    queue(acme, to="reader@acme.example, eve@example.com")
    run_jobs()
    assert mailoutbox[0].recipients() == ["reader@acme.example, eve@example.com"]


def test_an_organisations_name_adds_no_header_and_no_markup(acme, no_mail, run_jobs, mailoutbox, rf_on_acme):
    acme.name = "Ben & <b>Jerry</b>\nBcc: eve@example.com"
    with within(acme):
        rf_on_acme.send_mail("account/email/password_changed", "reader@acme.example", {})
    run_jobs()
    (message,) = mailoutbox
    assert message.subject == "Your password was changed – Ben & <b>Jerry</b> Bcc: eve@example.com"
    assert "Ben & <b>Jerry</b>" in message.body
    assert "Ben &amp; &lt;b&gt;Jerry&lt;/b&gt;" in message.alternatives[0].content
    assert "<b>Jerry" not in message.alternatives[0].content


def test_a_long_subject_is_cut(acme, no_mail):
    queue(acme, subject="x" * 1000)
    assert waiting(acme) == ["x" * 200]


# --- allauth's messages ------------------------------------------------------------------------------------


@pytest.fixture
def rf_on_acme(acme):
    """allauth's adapter, during a request whose Host header was made up."""
    request = RequestFactory().get("/", headers={"host": "evil.example"}, HTTP_USER_AGENT="<i>Firefox</i>")
    request.tenant = acme  # type: ignore[attr-defined]
    with context.request_context(request):
        yield get_adapter(request)


@pytest.mark.parametrize("template", NOTIFICATIONS)
def test_notifications_are_ours_in_text_and_html(acme, reader, no_mail, run_jobs, mailoutbox, rf_on_acme, template):
    details = {
        "from_email": "old@acme.example",
        "to_email": "new@acme.example",
        "deleted_email": "old@acme.example",
    }
    with within(acme):
        rf_on_acme.send_notification_mail(template, reader, details)
    run_jobs()
    (message,) = mailoutbox
    html = message.alternatives[0].content
    assert message.to == ["reader@acme.example"]
    assert message.subject.endswith(" – Acme")
    for part in (message.body, html):
        assert "http://acme.localhost:8000/account/password/reset/" in part
        assert "127.0.0.1" in part
        assert "evil.example" not in part
        assert "{" not in part
    assert "<i>Firefox" in message.body
    assert "<i>Firefox" not in html
    assert html.count("<h1") == 1

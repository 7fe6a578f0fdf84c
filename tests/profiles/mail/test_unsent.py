"""Mail that could not be sent: an operator finds it, and has it sent again; in the end it is forgotten."""

from datetime import timedelta
from io import StringIO

import pytest
from django.core.management import call_command
from django.db import connection
from django.utils import timezone

from profiles.mail import outbox, unsent
from profiles.models import OutgoingMail
from profiles.testing import queued_jobs
from tenants.cleaning import clean_up, clean_up_everywhere
from tenants.context import public, within
from tenants.models import Tenant


@pytest.fixture(autouse=True)
def two_mails(acme, globex):
    """One message in each organisation, with the same primary key, and no other."""
    for tenant in (acme, globex):
        with within(tenant):
            OutgoingMail.objects.all().delete()
            outbox.queue(to=f"reader@{tenant.slug}.example", subject="Hello", text="Text")
            OutgoingMail.objects.update(id=1000)


def job_of(tenant, status):
    """The state of the only job about an organisation's mail."""
    with public(), connection.cursor() as cursor:
        cursor.execute(
            "UPDATE procrastinate_jobs SET status = %s, args = jsonb_set(args, '{arguments,pk}', '1000')"
            " WHERE args->>'schema_name' = %s",
            [status, tenant.schema_name],
        )


def command(*arguments):
    out = StringIO()
    call_command("unsent_mail", *arguments, stdout=out)
    return out.getvalue()


@pytest.mark.parametrize("status", ["todo", "doing"])
def test_what_a_job_will_send_is_not_shown(acme, globex, status):
    job_of(acme, status)
    job_of(globex, status)
    assert command() == "0 messages.\n"


def test_what_has_failed_is_shown(acme, globex):
    job_of(acme, "failed")
    job_of(globex, "todo")
    listed, total, _ = command().split("\n")
    assert listed.startswith("acme ")
    assert listed.endswith("reader@acme.example  Hello")
    assert total == "1 messages."
    assert command("--tenant", "globex") == "0 messages.\n"


def test_it_is_sent_again_once(acme, globex, run_jobs, mailoutbox):
    job_of(acme, "failed")
    job_of(globex, "todo")
    assert command("--resend") == "1 messages are queued again.\n"
    assert command("--resend") == "0 messages are queued again.\n"
    assert command() == "0 messages.\n"
    run_jobs()
    assert sorted(message.to[0] for message in mailoutbox) == ["reader@acme.example", "reader@globex.example"]
    with within(acme):
        assert not OutgoingMail.objects.exists()


def test_a_message_has_the_same_id_whenever_it_is_sent_and_no_other_has_it(acme, globex):
    with within(acme):
        first, again = OutgoingMail.objects.get(), OutgoingMail.objects.get()
        assert first.message_id == again.message_id
        assert acme.schema_name not in first.message_id
        OutgoingMail.objects.create(to="b@acme.example", subject="Hello", text="Text")
        ids = {each.message_id for each in OutgoingMail.objects.all()}
    with within(globex):
        ids.add(OutgoingMail.objects.get().message_id)
    assert len(ids) == 3


def test_the_message_that_is_sent_carries_that_id(acme, run_jobs, mailoutbox):
    job_of(acme, "todo")
    with within(acme):
        expected = OutgoingMail.objects.get().message_id
    run_jobs()
    assert expected in [message.message()["Message-ID"] for message in mailoutbox]


def test_after_thirty_days_it_is_forgotten(acme, globex):
    for tenant, days in ((acme, 29), (globex, 31)):
        with within(tenant):
            OutgoingMail.objects.update(created=timezone.now() - timedelta(days=days))
            clean_up()
    with within(acme):
        assert unsent.forget() == 0
        assert OutgoingMail.objects.count() == 1
    with within(globex):
        assert OutgoingMail.objects.count() == 0


def test_every_night_each_active_organisation_is_cleaned_up_once(acme, globex):
    with public():
        Tenant.objects.filter(pk=globex.pk).update(state=Tenant.State.SUSPENDED)
    clean_up_everywhere()
    clean_up_everywhere()
    jobs = [job for job in queued_jobs() if job.task_name == "tenants.clean_up"]
    assert [job.args["schema_name"] for job in jobs] == [acme.schema_name]
    assert all(job.priority < 0 for job in jobs)  # behind what people wait for

"""Messages: what is in them, in which order they are sent, how often they are tried, and who is told."""

import json
import re
from datetime import timedelta
from pathlib import Path

import pytest
from django.core import mail
from django.db import connection, transaction
from django.utils import timezone
from procrastinate.contrib.django.models import ProcrastinateJob
from standardwebhooks import Webhook, WebhookVerificationError

from profiles.invitations.changes import invite
from profiles.members.changes import change_role, remove
from profiles.models import User
from profiles.testing import person
from profiles.testing.jobs import drop_jobs, queued_jobs, run_jobs
from profiles.webhooks import changes, signing
from profiles.webhooks.delivering import AT_ONCE, TRIES, WAITS, attempt, claimed
from profiles.webhooks.models import Delivery, Endpoint
from profiles.webhooks.nightly import clean_up_webhooks
from tenants.context import public, within
from tests.profiles.webhooks.servers import say

DOCS = (Path(__file__).parents[3] / "docs" / "webhooks.md").read_text()
(EXAMPLE,) = re.findall(r"```python\n(.*?)```", DOCS, re.DOTALL)


@pytest.fixture(autouse=True)
def no_other_jobs(acme):
    drop_jobs()


def told(receiver) -> list[dict]:
    return [json.loads(body) for _headers, body in receiver.got]


def own_jobs() -> list[ProcrastinateJob]:
    return [job for job in queued_jobs() if job.task_name.startswith("webhooks.")]


def queues() -> list[str]:
    return [job.queue_name for job in own_jobs()]


def pass_time() -> None:
    """Until all that waits is due."""
    Delivery.objects.waiting().update(next_try=timezone.now())
    with public(), connection.cursor() as cursor:
        cursor.execute("UPDATE procrastinate_jobs SET scheduled_at = NULL WHERE queue_name LIKE 'webhooks%'")


def failing(receiver) -> None:
    receiver.answer = lambda handler: say(handler, 500, b"down")


def test_change_is_sent_as_the_api_shows_it(acme, endpoint, receiver, owner, admin):
    with within(acme):
        change_role(actor=owner, member=person(acme, "reader"), role="editor")
        run_jobs()
        delivery = Delivery.objects.get()
    (sent,) = told(receiver)
    assert (sent["event"], sent["organisation"]["slug"]) == ("member.role_changed", "acme")
    assert (sent["data"]["member"]["username"], sent["data"]["member"]["role"]) == ("reader", "editor")
    assert (delivery.outcome, delivery.status, delivery.answer, delivery.tries) == ("delivered", 200, "ok", 1)
    headers = receiver.got[0][0]
    assert headers["webhook-id"] == f"msg_{delivery.message.hex}"
    with within(acme):
        told_to_receivers = {"secret": signing.read(endpoint.secret), "body": receiver.got[0][1], "headers": headers}
    exec(EXAMPLE, told_to_receivers)  # noqa: S102  of docs/webhooks.md
    assert told_to_receivers["message"] == sent
    with pytest.raises(WebhookVerificationError):
        exec(EXAMPLE, told_to_receivers | {"body": receiver.got[0][1] + b" "})  # noqa: S102


def test_member_who_is_gone_is_sent_as_they_were(acme, endpoint, receiver, owner):
    with within(acme):
        remove(actor=owner, member=person(acme, "reader"))
        run_jobs()
    assert told(receiver)[0]["data"]["member"]["email"] == "reader@acme.example"


def test_what_is_undone_is_not_sent(acme, endpoint, receiver, owner):
    with within(acme):
        with pytest.raises(ZeroDivisionError), transaction.atomic():
            change_role(actor=owner, member=person(acme, "reader"), role="editor")
            raise ZeroDivisionError
        run_jobs()
        assert not Delivery.objects.exists()
    assert receiver.got == []


def test_events_are_chosen_by_name_and_asterisk(acme, url, receiver, owner):
    with within(acme):
        for events in ("member.*", "invitation.sent profile.changed", "organisation.*"):
            Endpoint.objects.create(url=f"{url}&events={events.split()[0]}", events=events, secret=signing.new())
        Endpoint.objects.create(url=url, events="*", is_active=False, secret=signing.new())
        change_role(actor=owner, member=person(acme, "reader"), role="editor")
        invite(actor=owner, email="new@acme.example", role="reader", message="")
        assert sorted((each.event, each.endpoint.events) for each in Delivery.objects.select_related("endpoint")) == [
            ("invitation.sent", "invitation.sent profile.changed"),
            ("member.role_changed", "member.*"),
        ]


def test_neighbours_hear_nothing(acme, globex, endpoint, receiver, stranger):
    """Globex has no webhook. Its people have the same primary keys."""
    with within(globex):
        change_role(actor=stranger, member=person(globex, "reader"), role="editor")
        run_jobs()
    with within(acme):
        assert not Delivery.objects.exists()
    assert receiver.got == []


def test_messages_about_one_member_stay_in_order(acme, endpoint, receiver, owner):
    """While the first fails, the second about the same member waits; one about another member does not."""
    failing(receiver)
    with within(acme):
        for name, role in (("reader", "editor"), ("reader", "admin"), ("editor", "reader")):
            change_role(actor=owner, member=person(acme, name), role=role)
        run_jobs()
        assert [each["data"]["member"]["username"] for each in told(receiver)] == ["reader", "editor"]
        receiver.answer = lambda handler: say(handler, 204, b"")
        receiver.got.clear()
        pass_time()
        run_jobs()
        assert Delivery.objects.waiting().count() == 0
    sent = [each["data"]["member"]["username"] for each in told(receiver)]
    assert [name for name in sent if name == "reader"] == ["reader", "reader"]
    ids = [headers["webhook-id"] for headers, body in receiver.got if b'"reader@' in body]
    with within(acme):
        reader = Delivery.objects.filter(about__endswith=f":{person(acme, 'reader').pk}").order_by("pk")
        assert ids == [f"msg_{each.message.hex}" for each in reader]


def test_message_is_tried_eight_times_over_25_hours(acme, endpoint, receiver, owner):
    failing(receiver)
    assert 24 * 3600 < sum(WAITS) < 26 * 3600
    with within(acme):
        change_role(actor=owner, member=person(acme, "reader"), role="editor")
        run_jobs()
        for wait in WAITS:
            delivery = Delivery.objects.get()
            assert delivery.is_waiting
            assert 0.85 * wait < (delivery.next_try - timezone.now()).total_seconds() < 1.15 * wait
            (job,) = own_jobs()
            assert job.queue_name == "webhooks_later"
            pass_time()
            run_jobs()
        delivery.refresh_from_db()
        assert (delivery.outcome, delivery.tries, delivery.answer) == ("failed", TRIES, "down")
    assert len(receiver.got) == TRIES == 8
    assert len({headers["webhook-id"] for headers, _body in receiver.got}) == 1


def test_endpoint_that_fails_for_three_days_is_switched_off(acme, endpoint, receiver, owner, admin):
    failing(receiver)
    with within(acme):
        change_role(actor=owner, member=person(acme, "reader"), role="editor")
        run_jobs()
        endpoint.refresh_from_db()
        assert endpoint.is_active
        assert endpoint.failing_since
        Endpoint.objects.update(failing_since=timezone.now() - timedelta(days=3, seconds=1))
        pass_time()
        run_jobs()
        endpoint.refresh_from_db()
        assert not endpoint.is_active
        pass_time()
        run_jobs()
        assert Delivery.objects.get(event="member.role_changed").error == "off"
        assert sorted(message.to[0] for message in mail.outbox) == ["admin@acme.example", "owner@acme.example"]
        assert f"/settings/webhooks/{endpoint.pk}/" in mail.outbox[0].body
        changes.test(actor=owner, endpoint=endpoint)
        receiver.answer = lambda handler: say(handler, 200, b"up")
        run_jobs()
        endpoint.refresh_from_db()
        assert endpoint.failing_since is None


def test_success_ends_the_days_of_failure(acme, endpoint, receiver, owner):
    with within(acme):
        Endpoint.objects.update(failing_since=timezone.now() - timedelta(days=9))
        change_role(actor=owner, member=person(acme, "reader"), role="editor")
        assert queues() == ["webhooks_later"]
        run_jobs()
        endpoint.refresh_from_db()
        assert endpoint.is_active
        assert endpoint.failing_since is None


def test_an_organisation_has_two_places_in_the_first_queue(acme, url, receiver, owner):
    """And each endpoint one. What is too much goes to the second queue, where it delays no other's first tries."""
    with within(acme):
        endpoints = [Endpoint.objects.create(url=url, events="member.*", secret=signing.new()) for _ in range(3)]
        change_role(actor=owner, member=person(acme, "reader"), role="editor")
        change_role(actor=owner, member=person(acme, "editor"), role="reader")
        first, second, third, again, *_rest = Delivery.objects.order_by("pk")
        assert [claimed(each.pk, is_first_lane=True) == each for each in (first, second)] == [True] * AT_ONCE
        drop_jobs()
        attempt(third.pk, is_first_lane=True)
        attempt(again.pk, is_first_lane=True)
        assert queues() == ["webhooks_later", "webhooks_later"]
        assert receiver.got == []
        run_jobs()
    assert len(receiver.got) == 2
    assert len(endpoints) == 3


def test_message_that_is_being_sent_is_not_sent_by_another_worker(acme, endpoint, receiver, owner):
    with within(acme):
        change_role(actor=owner, member=person(acme, "reader"), role="editor")
        delivery = Delivery.objects.get()
        assert claimed(delivery.pk, is_first_lane=True)
        run_jobs()
        assert receiver.got == []
        assert [job.scheduled_at is not None for job in own_jobs()] == [True]  # If that worker is killed.
        pass_time()
        run_jobs()
    assert len(receiver.got) == 1


def test_both_secrets_sign_for_24_hours(acme, endpoint, receiver, owner):
    with within(acme):
        former = signing.read(endpoint.secret)
        changes.rotate(actor=owner, endpoint=endpoint)
        changes.test(actor=owner, endpoint=Endpoint.objects.get(pk=endpoint.pk))
        run_jobs()
        present = signing.read(Endpoint.objects.get(pk=endpoint.pk).secret)
        headers, body = receiver.got[-1]
        for secret in (former, present):
            Webhook(secret).verify(body, headers)
        Endpoint.objects.update(rotated=timezone.now() - timedelta(hours=25))
        changes.test(actor=owner, endpoint=Endpoint.objects.get(pk=endpoint.pk))
        clean_up_webhooks()
        run_jobs()
        assert Endpoint.objects.get(pk=endpoint.pk).former_secret == ""
    assert former != present
    assert len(receiver.got[-1][0]["webhook-signature"].split()) == 1


def test_message_is_sent_again_as_it_was(acme, endpoint, receiver, owner):
    with within(acme):
        change_role(actor=owner, member=person(acme, "reader"), role="editor")
        run_jobs()
        User.objects.filter(username="reader").update(role="reader")
        changes.redeliver(actor=owner, delivery=Delivery.objects.get(event="member.role_changed"))
        run_jobs()
    again = [got for got in receiver.got if b"member.role_changed" in got[1]]
    assert again[0][1] == again[1][1]
    assert again[0][0]["webhook-id"] == again[1][0]["webhook-id"]


def test_secret_that_an_import_has_left_out_is_no_crash(acme, endpoint, receiver, owner):
    with within(acme):
        Endpoint.objects.update(secret="!0123456789012345678901234567890123456")
        changes.test(actor=owner, endpoint=Endpoint.objects.get())
        run_jobs()
        assert Delivery.objects.get(event="webhook.test").error == "secret"
    assert receiver.got == []


def test_secrets_are_encrypted_anew(acme, endpoint, settings):
    with within(acme):
        secret = signing.read(endpoint.secret)
        settings.ENCRYPTION_KEYS = ["a newer key", *settings.ENCRYPTION_KEYS]
        assert (signing.reencrypt_all(), signing.reencrypt_all()) == (1, 0)
        settings.ENCRYPTION_KEYS = settings.ENCRYPTION_KEYS[:1]
        assert signing.read(Endpoint.objects.get().secret) == secret


def test_log_ends_after_thirty_days(acme, endpoint):
    now = timezone.now()
    with within(acme):
        for days in (1, 29, 31):
            occurred = now - timedelta(days=days)
            Delivery.objects.create(
                endpoint=endpoint, event="x", about="x", body="{}", occurred=occurred, next_try=occurred
            )
        clean_up_webhooks()
        kept = Delivery.objects.order_by("-occurred")
        assert [(each.outcome, each.error) for each in kept] == [("waiting", ""), ("failed", "lost")]

"""The jobs that send messages: in order for each object, at least once, eight times within 25 hours.

There are two queues. The first is for first tries at endpoints that answer, and no organisation has more than AT_ONCE
of its jobs running there. All else goes to the second one: tries of endpoints that fail, and what is too much for the
first. So an endpoint that is slow or dead, and one with a flood of events, delays the first tries of no other
organisation. Within each queue organisations take turns (tenants/jobs/lanes.py).
"""

import random
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.db.models.functions import Coalesce, Now
from django.utils import timezone
from procrastinate import RetryStrategy

from profiles.webhooks import signing
from profiles.webhooks.models import TEST, Delivery, Endpoint
from profiles.webhooks.payloads import renewed
from profiles.webhooks.sending import Answer, post
from profiles.webhooks.telling import switch_off
from shared.encryption import UnreadableSecret
from tenants.tasks import tenant_task

MINUTE, HOUR = 60, 3600
# The waits between eight tries: 25 hours together, plus or minus a tenth.
WAITS = (10, 2 * MINUTE, 15 * MINUTE, HOUR, 4 * HOUR, 8 * HOUR, 12 * HOUR)
TRIES = len(WAITS) + 1
JITTER = 0.1
AT_ONCE = 2
AGENT = f"{settings.BRAND['NAME']} webhooks"
# While a message is sent no other worker sends it. Longer than WEBHOOK_TIMEOUT, and shorter than it takes to notice
# that a worker was killed (docs/jobs.md).
CLAIM = timedelta(seconds=20)
# For errors that are not the endpoint's, such as a database that is down.
AGAIN = RetryStrategy(max_attempts=20, wait=30)


@tenant_task(name="webhooks.deliver", queue="webhooks", retry=AGAIN)
def deliver(pk: int) -> None:
    """Send a message for the first time."""
    attempt(pk, is_first_lane=True)


@tenant_task(name="webhooks.deliver_later", queue="webhooks_later", retry=AGAIN)
def deliver_later(pk: int) -> None:
    """Send a message that failed before, or for which there was no room in the first queue."""
    attempt(pk, is_first_lane=False)


def queue(delivery: Delivery) -> None:
    """Have a message sent, in the current transaction."""
    task = deliver_later if delivery.endpoint.failing_since or delivery.tries else deliver
    task.defer(pk=delivery.pk)


def attempt(pk: int, *, is_first_lane: bool) -> None:
    """No transaction is open during the HTTP request."""
    if delivery := claimed(pk, is_first_lane=is_first_lane):
        record(delivery.pk, answer_to(delivery))


@transaction.atomic
def claimed(pk: int, *, is_first_lane: bool) -> Delivery | None:
    """The message, if this job is to send it now. Otherwise another job will, or has."""
    now = timezone.now()
    found = Delivery.objects.waiting().select_related("endpoint").select_for_update(of=["self"], no_key=True)
    delivery = found.filter(pk=pk).first()
    if delivery is None or not is_next(delivery):
        return None
    if delivery.next_try > now:
        deliver_later.defer_at(delivery.next_try, pk=pk)
        return None
    if is_first_lane and not has_room(delivery.endpoint, now):
        deliver_later.defer(pk=pk)
        return None
    if not delivery.tries:
        delivery.body = renewed(delivery.body, delivery.objects_shown)
    delivery.next_try = now + CLAIM
    delivery.save(update_fields=["body", "next_try"])
    return delivery


def is_next(delivery: Delivery) -> bool:
    """Is no earlier message about the same object waiting? The job that ends such a one queues this one.

    It waits for a job that is ending one just now, as that would not see this message, or this job not its end.
    """
    earlier = Delivery.objects.of_same_object(delivery).filter(pk__lt=delivery.pk).order_by("pk")
    return not earlier.select_for_update(no_key=True).values_list("pk", flat=True)[:1]


def has_room(endpoint: Endpoint, now: datetime) -> bool:
    """Take one of the organisation's places in the first queue, and the endpoint's only one. False if there is none."""
    endpoints = Endpoint.objects.select_for_update(no_key=True).order_by("pk")
    busy = {each.pk for each in endpoints if each.busy_until and each.busy_until > now}
    if len(busy) >= AT_ONCE or endpoint.pk in busy:
        return False
    return bool(Endpoint.objects.filter(pk=endpoint.pk).update(busy_until=now + CLAIM))


def answer_to(delivery: Delivery) -> Answer:
    endpoint = delivery.endpoint
    if not endpoint.is_active and delivery.event != TEST:
        return Answer(error="off")
    try:
        signed = signing.headers(endpoint.secrets, message=delivery.message_id, at=timezone.now(), body=delivery.body)
    except UnreadableSecret:
        return Answer(error="secret")
    headers = {"Content-Type": "application/json", "User-Agent": AGENT, "Accept-Encoding": "identity"}
    return post(endpoint.url, delivery.body.encode(), headers | signed)


@transaction.atomic
def record(pk: int, answer: Answer) -> None:
    """Store the outcome of a try, and queue the next try, or the next message about the same object."""
    delivery = Delivery.objects.select_for_update(no_key=True, of=["self"]).filter(pk=pk).first()
    if delivery is None:
        return  # The endpoint was removed meanwhile.
    now = timezone.now()
    delivery.tries += 1
    delivery.tried, delivery.status, delivery.answer = now, answer.status, answer.text
    delivery.error, delivery.milliseconds = answer.error, answer.milliseconds
    if answer.is_success:
        delivery.outcome = Delivery.Outcome.DELIVERED
    elif delivery.tries >= TRIES or answer.error == "off":
        delivery.outcome = Delivery.Outcome.FAILED
    else:
        seconds = WAITS[delivery.tries - 1] * random.uniform(1 - JITTER, 1 + JITTER)  # noqa: S311  no secret
        delivery.next_try = now + timedelta(seconds=seconds)
        deliver_later.defer_at(delivery.next_try, pk=pk)
    delivery.save()
    if not delivery.is_waiting:
        queue_following(delivery)
    note(delivery.endpoint_id, answer)


def queue_following(delivery: Delivery) -> None:
    following = Delivery.objects.of_same_object(delivery).select_related("endpoint").order_by("pk").first()
    if following:
        queue(following)


def note(pk: int, answer: Answer) -> None:
    """Store since when an endpoint fails, and switch it off after three days."""
    endpoint = Endpoint.objects.filter(pk=pk)
    if answer.is_success:
        endpoint.update(failing_since=None, busy_until=None)
    elif answer.error != "off":
        endpoint.update(failing_since=Coalesce("failing_since", Now()), busy_until=None)
        if (failing := endpoint.active().first()) and failing.fails_for_long:
            switch_off(failing)

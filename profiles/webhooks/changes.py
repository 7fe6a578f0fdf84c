"""Changes to webhooks: make, change, remove, rotate the secret, send a test, send a message again."""

from django.conf import settings
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from profiles.models import User
from profiles.webhooks import signing
from profiles.webhooks.addresses import target
from profiles.webhooks.delivering import queue
from profiles.webhooks.models import TEST, Delivery, Endpoint
from profiles.webhooks.patterns import check_patterns
from profiles.webhooks.payloads import body, data_of, names_of
from profiles.webhooks.rights import manages_webhooks
from tenants.events import emit


@transaction.atomic
def make(*, actor: User, endpoint: Endpoint) -> Endpoint:
    """Keep a new endpoint, with a secret.

    Raises PermissionDenied, and ValidationError if there are too many, or by field for what no endpoint can have.
    """
    allow(actor)
    check(endpoint)
    if Endpoint.objects.count() >= settings.WEBHOOKS_MOST:
        words = _("An organisation can have %(most)s webhooks. Remove one first.")
        raise ValidationError(words, code="too_many", params={"most": settings.WEBHOOKS_MOST})
    endpoint.secret = signing.new()
    endpoint.save(force_insert=True)
    emit("webhook.made", endpoint, by=actor, url=("", endpoint.url), events=("", endpoint.events))
    return endpoint


@transaction.atomic
def change(*, actor: User, endpoint: Endpoint) -> None:
    """Save changes. Switching it on again resets its failures. Raises as make() does, and Endpoint.DoesNotExist."""
    allow(actor)
    check(endpoint)
    before = locked(endpoint)
    names = ("url", "events", "description", "is_active")
    if endpoint.is_active and not before.is_active:
        endpoint.failing_since = None
    changes = {name: (getattr(before, name), getattr(endpoint, name)) for name in names}
    endpoint.save(update_fields=[*names, "failing_since"])
    emit("webhook.changed", endpoint, by=actor, **changes)


@transaction.atomic
def remove(*, actor: User, endpoint: Endpoint) -> None:
    """Delete it with its log. Pending messages are not sent any more."""
    allow(actor)
    emit("webhook.removed", locked(endpoint), by=actor)
    endpoint.delete()


@transaction.atomic
def rotate(*, actor: User, endpoint: Endpoint) -> None:
    """Give it a new secret. For 24 hours messages are signed with both, so that the receiver can change over."""
    allow(actor)
    present = locked(endpoint)
    present.former_secret, present.secret, present.rotated = present.secret, signing.new(), timezone.now()
    present.save(update_fields=["former_secret", "secret", "rotated"])
    emit("webhook.rotated", present, by=actor, secret=None)


@transaction.atomic
def test(*, actor: User, endpoint: Endpoint) -> Delivery:
    """Send a test message, also to an endpoint that is switched off."""
    allow(actor)
    emit("webhook.tested", endpoint, by=actor)
    now = timezone.now()
    delivery = Delivery(endpoint=endpoint, event=TEST, occurred=now, objects_shown=names_of((endpoint,)))
    delivery.about = f"{TEST}:{delivery.message}"  # It is not kept in order with other messages.
    delivery.body = body(TEST, now, data_of((endpoint,)))
    delivery.save(force_insert=True)
    queue(delivery)
    return delivery


@transaction.atomic
def redeliver(*, actor: User, delivery: Delivery) -> None:
    """Send a message again, as it was. Raises ValidationError for one that is still pending."""
    allow(actor)
    delivery = Delivery.objects.select_for_update(of=["self"]).select_related("endpoint").get(pk=delivery.pk)
    if delivery.is_waiting:
        raise ValidationError(_("This message is still being sent."), code="waiting")
    if not delivery.endpoint.is_active and delivery.event != TEST:
        raise ValidationError(_("Switch the webhook on first."), code="off")
    emit("webhook.redelivered", delivery.endpoint, by=actor)
    delivery.outcome, delivery.next_try = Delivery.Outcome.WAITING, timezone.now()
    delivery.tries = 1  # The body stays as it is, and it waits longer between tries than the first time.
    delivery.save(update_fields=["outcome", "next_try", "tries"])
    queue(delivery)


def check(endpoint: Endpoint) -> None:
    endpoint.check_values()
    for field, rule in (("url", target), ("events", lambda events: check_patterns(events.split()))):
        try:
            rule(getattr(endpoint, field))
        except ValidationError as error:
            raise ValidationError({field: error}) from error


def allow(actor: User) -> None:
    if not manages_webhooks(actor):
        raise PermissionDenied


def locked(endpoint: Endpoint) -> Endpoint:
    return Endpoint.objects.select_for_update().get(pk=endpoint.pk)

"""Endpoint: an address that events are sent to. Delivery: one message to it."""

import secrets
import uuid
from datetime import datetime, timedelta
from fnmatch import fnmatchcase
from typing import Self

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from shared.checked import Checked

# Numbers that JavaScript can hold.
MOST_IDS = 2**53
ROTATION = timedelta(hours=24)
OFF_AFTER = timedelta(days=3)
# Sent by a button to this endpoint only, regardless of its subscriptions.
TEST = "webhook.test"


def random_id() -> int:
    return secrets.randbelow(MOST_IDS)


class EndpointQuerySet(models.QuerySet["Endpoint"]):
    def active(self) -> Self:
        return self.filter(is_active=True)

    def oldest_first(self) -> Self:
        return self.order_by("created", "pk")


class Endpoint(Checked):
    """An address that events are sent to. It has two secrets for 24 hours after a rotation."""

    checked = ("url", "events", "description", "is_active")

    id = models.BigIntegerField(primary_key=True, default=random_id)
    url = models.CharField(_("Address"), max_length=500)
    # Kinds of events, with a space between; `member.*` and `*` stand for several.
    events = models.CharField(_("Events"), max_length=500, default="*")
    description = models.CharField(_("Description"), max_length=100, blank=True)
    is_active = models.BooleanField(_("Active"), default=True)
    secret = models.CharField(max_length=300, editable=False)
    former_secret = models.CharField(max_length=300, blank=True, editable=False)
    rotated = models.DateTimeField(null=True, editable=False)
    created = models.DateTimeField(default=timezone.now, editable=False)
    failing_since = models.DateTimeField(null=True, editable=False)
    # While a message is sent from the first lane (delivering.py).
    busy_until = models.DateTimeField(null=True, editable=False)

    objects = EndpointQuerySet.as_manager()

    def __str__(self) -> str:
        return self.url

    @property
    def name(self) -> str:
        """What it is called in lists and in the audit log."""
        return self.description or self.url

    @property
    def patterns(self) -> list[str]:
        return self.events.split()

    def wants(self, kind: str) -> bool:
        return any(fnmatchcase(kind, pattern) for pattern in self.patterns)

    @property
    def former_until(self) -> datetime | None:
        """Until when messages are signed with the former secret too."""
        until = self.rotated + ROTATION if self.rotated and self.former_secret else None
        return until if until and until > timezone.now() else None

    @property
    def secrets(self) -> list[str]:
        """The secrets that sign at present, encrypted, the newest first."""
        return [self.secret, *([self.former_secret] if self.former_until else [])]

    @property
    def fails_for_long(self) -> bool:
        return self.failing_since is not None and self.failing_since < timezone.now() - OFF_AFTER


class DeliveryQuerySet(models.QuerySet["Delivery"]):
    def waiting(self) -> Self:
        return self.filter(outcome=Delivery.Outcome.WAITING)

    def newest_first(self) -> Self:
        return self.order_by("-pk")

    def of_same_object(self, delivery: "Delivery") -> Self:
        """The pending messages about an object, which are sent to an endpoint one after another."""
        return self.waiting().filter(endpoint=delivery.endpoint_id, about=delivery.about)


class Delivery(models.Model):
    """One message to one endpoint: its content, and the last response."""

    class Outcome(models.TextChoices):
        WAITING = "waiting", _("Waiting")
        DELIVERED = "delivered", _("Delivered")
        FAILED = "failed", _("Failed")

    endpoint = models.ForeignKey(Endpoint, models.CASCADE, related_name="deliveries", db_index=False)
    message = models.UUIDField(default=uuid.uuid4, editable=False)  # the same with each try, so that receivers know it
    event = models.CharField(max_length=60)
    about = models.CharField(max_length=150)  # the object by which messages are kept in order
    objects_shown = models.JSONField(default=list)  # [["profiles.user", "7"]]
    body = models.TextField()
    occurred = models.DateTimeField(default=timezone.now)
    outcome = models.CharField(max_length=9, choices=Outcome.choices, default=Outcome.WAITING)
    tries = models.PositiveSmallIntegerField(default=0)
    next_try = models.DateTimeField(
        default=timezone.now
    )  # while it is being sent, when it may be sent by another worker
    tried = models.DateTimeField(null=True)
    status = models.PositiveSmallIntegerField(null=True)
    answer = models.TextField(blank=True, max_length=1000)
    error = models.CharField(max_length=20, blank=True)
    milliseconds = models.PositiveIntegerField(null=True)

    objects = DeliveryQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["endpoint", "id"], name="delivery_by_endpoint"),
            models.Index(fields=["endpoint", "about", "id"], condition=Q(outcome="waiting"), name="delivery_waiting"),
        ]
        constraints = [
            models.CheckConstraint(condition=Q(outcome__in=["waiting", "delivered", "failed"]), name="delivery_outcome")
        ]

    def __str__(self) -> str:
        return f"{self.event} to {self.endpoint_id}"

    @property
    def message_id(self) -> str:
        """The header `webhook-id`."""
        return f"msg_{self.message.hex}"

    @property
    def is_waiting(self) -> bool:
        return self.outcome == self.Outcome.WAITING

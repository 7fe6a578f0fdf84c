"""Stores a message for each endpoint subscribed to an event, and its job, in the transaction of the change."""

from typing import Any

from django.dispatch import receiver
from django.utils import timezone

from profiles.webhooks import silence
from profiles.webhooks.delivering import queue
from profiles.webhooks.models import Delivery, Endpoint
from profiles.webhooks.payloads import body, data_of, names_of
from tenants.events import Event, happened


@receiver(happened)
def keep(event: Event, **_kwargs: Any) -> None:
    """At the price of one statement where no endpoint wants it, and of none for further events of the same request."""
    if silence.is_silent():
        return
    active = list(Endpoint.objects.active())
    if not active:
        silence.note()
    wanting = [endpoint for endpoint in active if endpoint.wants(event.kind)]
    if not wanting:
        return
    occurred, names = timezone.now(), names_of(event.objects)
    text = body(event.kind, occurred, data_of(event.objects))
    for endpoint in wanting:
        queue(
            Delivery.objects.create(
                endpoint=endpoint,
                event=event.kind,
                about=":".join(names[0]) if names else "",
                objects_shown=names,
                body=text,
                occurred=occurred,
            )
        )

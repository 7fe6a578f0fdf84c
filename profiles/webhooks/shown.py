"""The API's schemas of webhooks and messages."""

from datetime import datetime

from pydantic import Field

from profiles.api.answers import Input, Representation
from profiles.api.showing import shows
from profiles.webhooks.models import Delivery, Endpoint


class Webhook(Representation):
    """An address to which events are sent."""

    key = "id"

    id: int
    url: str = ""
    events: list[str] = Field([], description="Names of events; `member.*` and `*` stand for several.")
    description: str = ""
    is_active: bool = True
    failing_since: datetime | None = Field(None, description="It is switched off after 3 days of errors.")
    created: datetime | None = None


class Secret(Representation):
    """What messages are signed with. https://www.standardwebhooks.com"""

    key = "secret"

    secret: str
    former_until: datetime | None = Field(None, description="Until when messages are signed with the former one too.")


class Message(Representation):
    """A message to a webhook, and the last response."""

    key = "id"

    id: int
    message: str = Field("", description="The header `webhook-id`, the same with each try.")
    event: str = ""
    occurred: datetime | None = None
    outcome: Delivery.Outcome = Delivery.Outcome.WAITING
    tries: int = 0
    next_try: datetime | None = None
    status: int | None = None
    error: str = ""
    answer: str = Field("", description="Its first 1,000 bytes.")
    milliseconds: int | None = None


class NewWebhook(Input):
    url: str = Field(max_length=500, json_schema_extra={"format": "uri"})
    events: list[str] = Field(["*"], max_length=50)
    description: str = Field("", max_length=100)
    is_active: bool = True


class WebhookChange(Input):
    """What is left out stays."""

    url: str = Field(default_factory=str, max_length=500)
    events: list[str] = Field(default_factory=list, max_length=50)
    description: str = Field(default_factory=str, max_length=100)
    is_active: bool = Field(default_factory=bool)


def shown(endpoint: Endpoint) -> Webhook:
    named = ("id", "url", "description", "is_active", "failing_since", "created")
    return Webhook(**{name: getattr(endpoint, name) for name in named}, events=endpoint.patterns)


def message_shown(delivery: Delivery) -> Message:
    named = ("id", "event", "occurred", "outcome", "tries", "status", "error", "answer", "milliseconds")
    next_try = delivery.next_try if delivery.is_waiting else None
    values = {name: getattr(delivery, name) for name in named}
    return Message(**values, message=delivery.message_id, next_try=next_try)


shows(Endpoint, "webhook", shown)

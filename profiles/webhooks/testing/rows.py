"""A row of each model of this app, for tests that need one of every model."""

from profiles.models import User
from profiles.webhooks import signing
from profiles.webhooks.models import Delivery, Endpoint


def make(people: dict[str, User]) -> None:
    endpoint = Endpoint.objects.create(
        url="https://receiver.example/", secret=signing.new(), former_secret=signing.new(), is_active=False
    )
    Delivery.objects.create(
        endpoint=endpoint, event="member.left", about="profiles.user:7", body="{}", outcome="failed"
    )

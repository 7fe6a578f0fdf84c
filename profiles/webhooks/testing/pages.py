"""What the addresses and forms of webhooks are about, and which pages are looked at."""

from collections.abc import Callable

from profiles.models import User
from profiles.webhooks import signing
from profiles.webhooks.models import Delivery, Endpoint

# Statements on these tables are counted by the tests of this app.
COUNTED = ("webhooks_endpoint", "webhooks_delivery")
NEW = {"url": "https://receiver.example/hooks", "events": "member.*", "description": "", "is_active": "on"}
FORMS = {"new_webhook": NEW, "edit_webhook": NEW}
BODIES = {
    ("POST", "webhooks"): {"url": "https://receiver.example/hooks"},
    ("PATCH", "webhook"): {"description": "Receiver"},
}
SHOWING = ["/settings/webhooks/"]
BROWSED = {"owner": ["/settings/webhooks/", "/settings/webhooks/new/"]}


def arguments(people: dict[str, User]) -> dict[str, Callable[[User], list[object]]]:
    """A webhook, with a message that has failed."""
    endpoint = Endpoint.objects.create(url="https://receiver.example/old", secret=signing.new())
    delivery = Delivery.objects.create(
        endpoint=endpoint,
        event="member.joined",
        about="x",
        body='{"event": "member.joined"}',
        outcome="failed",
        tries=8,
    )
    one = ("webhook", "edit_webhook", "webhook_secret", "rotate_webhook", "remove_webhook", "test_webhook")
    by_api = ("webhook", "webhook_secret", "rotate_webhook", "test_webhook", "webhook_messages")
    both: list[object] = [endpoint.pk, delivery.pk]
    return {
        **dict.fromkeys(one, lambda _user: [endpoint.pk]),
        **dict.fromkeys((f"api-v1:{name}" for name in by_api), lambda _user: [endpoint.pk]),
        **dict.fromkeys(("webhook_message", "redeliver_webhook_message"), lambda _user: both),
        "api-v1:redeliver_webhook_message": lambda _user: both,
    }

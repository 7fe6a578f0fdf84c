"""What events cost an organisation without webhooks."""

from django.db import connection
from django.test.utils import CaptureQueriesContext

from profiles.webhooks import signing
from profiles.webhooks.models import Delivery, Endpoint
from tenants.context import within
from tenants.events import emit
from tenants.models import Tenant


def asked(captured) -> int:
    return len([each for each in captured if "webhooks_endpoint" in each["sql"]])


def test_many_events_of_a_request_ask_once_and_a_new_webhook_gets_the_next_one(acme, globex, owner):
    request, other_request = (Tenant.objects.get(pk=acme.pk) for _ in range(2))
    with within(request), CaptureQueriesContext(connection) as captured:
        for _ in range(3):
            emit("session.ended", owner, by=owner)
    assert asked(captured) == 1
    with within(globex), CaptureQueriesContext(connection) as captured:
        emit("session.ended")
    assert asked(captured) == 1, "Each organisation is asked about itself."
    with within(other_request):
        endpoint = Endpoint.objects.create(url="https://receiver.example/", is_active=False, secret=signing.new())
    with within(request):
        emit("session.ended", owner, by=owner)
        assert not Delivery.objects.exists()
        endpoint.is_active = True
        endpoint.save(update_fields=["is_active"])
        emit("session.ended", owner, by=owner)
        assert Delivery.objects.get().event == "session.ended"


def test_a_long_job_hears_of_a_webhook_that_another_process_has_made(acme, monkeypatch):
    monkeypatch.setattr("profiles.webhooks.silence.SECONDS", 0)
    with within(acme), CaptureQueriesContext(connection) as captured:
        emit("session.ended")
        emit("session.ended")
    assert asked(captured) == 2

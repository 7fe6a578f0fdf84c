"""An organisation whose endpoints do not answer delays no other: tried with real workers."""

import os
import signal
import time
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.core.management import call_command
from django.db import connections

from profiles.models import User
from profiles.webhooks import changes, signing
from profiles.webhooks.models import Endpoint
from tenants.context import within
from tests.profiles.webhooks.servers import Receiver, receiving


@pytest.mark.slow
def test_slow_endpoints_delay_no_other_organisation(settings, new_tenant, receiver, url):
    """Four endpoints that hang, with ten messages each, before the one of another organisation."""
    slow, quick = new_tenant("slow"), new_tenant("quick")
    settings.WEBHOOK_TIMEOUT = 1
    with receiving("127.0.0.1") as hanging:
        hanging.answer = lambda _handler: time.sleep(1.5)
        settings.WEBHOOK_PORTS = [receiver.port, hanging.port]
        with within(slow):
            for _ in range(4):
                make(f"http://receiver.example:{hanging.port}/", messages=10)
        with within(quick):
            make(url, messages=1)
        with ThreadPoolExecutor(1) as pool:
            waited = pool.submit(until_received, receiver)
            call_command("work", "webhooks", "webhooks_later")
    assert waited.result() < 0.9
    assert hanging.got  # while one of them was asked


def make(url: str, *, messages: int) -> None:
    endpoint = Endpoint.objects.create(url=url, events="invitation.sent", secret=signing.new())
    for _ in range(messages):
        changes.test(actor=User.objects.get(role="owner"), endpoint=endpoint)


def until_received(receiver: Receiver) -> float:
    began = time.monotonic()
    try:
        while not receiver.got and time.monotonic() < began + 10:
            time.sleep(0.02)
        return time.monotonic() - began
    finally:
        connections.close_all()
        os.kill(os.getpid(), signal.SIGTERM)

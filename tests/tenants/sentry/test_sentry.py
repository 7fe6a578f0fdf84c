"""What Sentry is sent, at the wire: whose error it is, and nothing about a person."""

import json
import subprocess
import sys
from typing import Any

import pytest

from profiles.models import User
from shared.request_ids import carried
from tenants.context import within
from tenants.sentry.jobs import remembered
from tenants.sentry.reporting import without_people
from tests.collector import collecting
from tests.gunicorn import ROOT
from tests.tenants.failing.running import REQUEST_ID, TOKEN, run


def events_of(envelope: bytes) -> list[dict[str, Any]]:
    """https://develop.sentry.dev/sdk/foundations/transport/envelopes/"""
    lines = envelope.splitlines()
    items = zip(lines[1::2], lines[2::2], strict=False)
    return [json.loads(body) for head, body in items if json.loads(head)["type"] == "event"]


def words_of(event: dict[str, Any]) -> str:
    found = event.get("exception", {}).get("values") or [event["logentry"]]
    return found[-1].get("value") or found[-1]["message"]


@pytest.mark.slow
def test_errors_of_requests_and_jobs_name_their_organisation_and_no_person(new_tenant, tmp_path):
    tenant = new_tenant("sentinel")
    with within(tenant):
        owner = User.objects.get(role="owner")
    with collecting() as collector:
        run(tenant, tmp_path, SENTRY_DSN=f"http://key@127.0.0.1:{collector.server_port}/7")
    events = [event for body in collector.sent_to("/api/7/envelope/") for event in events_of(body)]
    request = {"tenant": tenant.schema_name, "host": "sentinel.localhost", "request_id": REQUEST_ID}
    job = {"tenant": tenant.schema_name, "request_id": REQUEST_ID, "job": "tests.failing.fall"}
    found = {words_of(event): (event["tags"], event.get("user")) for event in events}
    assert found == {
        "%s cannot pay at %s.": (request, {"id": f"{tenant.schema_name}:{owner.pk}"}),
        "/invitations/***": (request, {"id": f"{tenant.schema_name}:{owner.pk}"}),
        "*** has no basket.": (job, None),
    }
    sent = collector.raw()
    secrets = (owner.email, TOKEN, "@acme.example", "Cookie", "127.0.0.1:", "kept-in-a-variable")
    assert [word for word in secrets if word in sent] == []
    assert "tests/tenants/failing/urls.py" in sent  # the traceback is there


@pytest.mark.slow
def test_off_nothing_is_imported():
    program = "import django, sys; django.setup(); import django.test; sys.exit('sentry_sdk' in sys.modules)"
    environment = {"DJANGO_SETTINGS_MODULE": "tests.settings", "PATH": ""}
    subprocess.run([sys.executable, "-c", program], cwd=ROOT, env=environment, check=True)


def test_an_event_keeps_what_it_says_without_what_is_secret(acme):
    event: dict[str, Any] = {
        "logentry": {"message": "To %s", "formatted": "To ann@acme.example", "params": ["ann@acme.example"]},
        "exception": {"values": [{"type": "KeyError", "value": f"/invitations/{TOKEN}/ of ann@acme.example"}]},
        "extra": {"args": {"pk": 1}, "request": "ann"},
    }
    with within(acme), carried(REQUEST_ID):
        sent = without_people(event, {})
    assert sent == {
        "logentry": {"message": "To %s", "formatted": "To ***"},
        "exception": {"values": [{"type": "KeyError", "value": "/invitations/***"}]},
        "tags": {"tenant": acme.schema_name, "request_id": REQUEST_ID},
    }


def test_a_job_is_remembered_by_what_it_raises(acme):
    error = LookupError("No basket.")
    with pytest.raises(LookupError), within(acme), carried(REQUEST_ID), remembered("shop.sell"):
        raise error
    sent = without_people({}, {"exc_info": (LookupError, error, None)})
    assert sent["tags"] == {"tenant": acme.schema_name, "request_id": REQUEST_ID, "job": "shop.sell"}

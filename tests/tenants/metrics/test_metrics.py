"""/metrics: what it counts, over all processes of gunicorn, and who may see it."""

import os
import re
import signal
from pathlib import Path

import pytest
from django.db import connection
from django.test import Client, RequestFactory
from prometheus_client.parser import text_string_to_metric_families

from profiles.testing import SiteClient, person
from tenants.allowances import plan_of
from tenants.context import public
from tenants.limits.counting import Rate, TooOften, take
from tenants.metrics.middleware import may_see
from tenants.models import Tenant
from tenants.schemas.spares import make_spare
from tests.gunicorn import served
from tests.tenants.crowd import until

TOKEN = "a-token-of-the-monitoring"
Figures = dict[tuple[str, ...], float]


def parsed(text: str) -> Figures:
    """Each figure by its name and the values of its labels, in the order of the labels' names."""
    return {
        (sample.name.removeprefix("tenants_"), *(value for _, value in sorted(sample.labels.items()))): sample.value
        for family in text_string_to_metric_families(text)
        for sample in family.samples
    }


def figures(**headers: str) -> Figures:
    response = Client().get("/metrics", headers={"host": "10.1.2.3:8000", **headers})
    assert response.status_code == 200
    assert response["Content-Type"].startswith("text/plain; version=")
    assert response["Cache-Control"] == "no-store"
    return parsed(response.content.decode())


# --- Who may see it -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("address", "headers", "may"),
    [
        ("127.0.0.1", {}, True),
        ("::1", {}, True),
        ("10.0.0.7", {}, False),
        ("", {}, False),
        ("127.0.0.1", {"X-Forwarded-For": "203.0.113.9"}, False),
        ("127.0.0.1", {"X-Forwarded-Proto": "https"}, False),
        ("127.0.0.1", {"Forwarded": "for=203.0.113.9"}, False),
        ("127.0.0.1", {"Via": "1.1 proxy"}, False),
        ("10.0.0.7", {"Authorization": f"Bearer {TOKEN}"}, True),
        ("10.0.0.7", {"Authorization": f"Bearer {TOKEN}x"}, False),
        ("10.0.0.7", {"Authorization": TOKEN}, False),
    ],
)
def test_only_this_machine_without_a_proxy_or_the_token_sees_it(settings, address, headers, may):
    settings.METRICS_TOKEN = TOKEN
    assert may_see(RequestFactory().get("/metrics", headers=headers, REMOTE_ADDR=address)) is may


def test_without_a_token_in_the_settings_an_empty_one_opens_nothing(settings):
    settings.METRICS_TOKEN = ""
    for sent in ("Bearer ", "Bearer", ""):
        request = RequestFactory().get("/metrics", headers={"Authorization": sent}, REMOTE_ADDR="10.0.0.7")
        assert not may_see(request)


def test_to_strangers_the_address_does_not_exist(acme):
    for host in ("localhost", "acme.localhost"):
        nothing, asked = (
            Client(REMOTE_ADDR="203.0.113.9").get(path, headers={"host": host}).status_code
            for path in ("/nothing-here", "/metrics")
        )
        assert (nothing, asked) == (404, 404)


# --- What it counts -------------------------------------------------------------------------------------------------


def plan(tenant: Tenant) -> str:
    return {"acme": "gold"}[tenant.slug or ""]


def test_requests_are_counted_by_view_status_and_plan(acme, settings):
    settings.METRICS_PLAN = f"{__name__}.plan"
    reader = SiteClient(acme).sign_in(person(acme, "reader"))
    before = figures()
    reader.get("/people/")
    reader.get("/members/")
    reader.get("/nothing/")
    Client().get("/", headers={"host": "nobody.localhost"})
    after = figures()
    expected = {
        ("requests_total", "gold", "200", "people"),
        ("requests_total", "gold", "403", "members"),
        ("requests_total", "gold", "404", "-"),
        ("requests_total", "", "404", "-"),
    }
    for name in expected:
        assert after[name] - before.get(name, 0) == 1, name
    assert after["request_seconds_count", "people"] - before.get(("request_seconds_count", "people"), 0) == 1
    assert after["requests_in_progress",] == 1  # this one
    assert after["turn_wait_seconds_count",] - before.get(("turn_wait_seconds_count",), 0) >= 3
    assert after["switches_total",] > before["switches_total",]


def test_no_figure_names_an_organisation_or_a_person(acme):
    SiteClient(acme).sign_in(person(acme, "reader")).get("/people/reader/")
    text = Client().get("/metrics", headers={"host": "localhost"}).content.decode()
    assert 'view="person"' in text
    for word in (acme.schema_name, "acme", "rita", "reader", "@"):
        assert word not in text


def test_a_limit_that_is_hit_is_counted_by_its_name(db):
    before = figures().get(("limits_hit_total", "invite"), 0)
    take("invite", Rate(1, 60), "account", "t_x", "1")
    with pytest.raises(TooOften):
        take("invite", Rate(1, 60), "account", "t_x", "1")
    assert figures()["limits_hit_total", "invite"] == before + 1


def test_the_installation_is_read_from_the_database(acme, globex):
    make_spare()
    with public():
        Tenant.objects.filter(pk=globex.pk).update(fingerprint="")
        with connection.cursor() as cursor:
            cursor.execute(
                "INSERT INTO procrastinate_jobs (queue_name, task_name, status) VALUES ('mail', 'x', 'failed')"
            )
    found = figures()
    assert found["database_up",] == 1
    assert found["organisations", "behind", "active"] == 1
    assert found["organisations", "current", "active"] >= 1
    assert found["organisations", "current", "spare"] >= 1
    assert found["jobs", "mail", "failed"] == 1
    assert found["queue_age_seconds", "urgent"] == 0
    assert found["queue_late_seconds", "urgent"] == 120
    assert found["database_connections", "active"] >= 1
    assert found["database_connections_most",] > 50


def test_without_postgresql_it_says_that_and_the_rest(db, monkeypatch):
    monkeypatch.setattr("tenants.metrics.state.JOBS", "SELECT nothing FROM nowhere")
    found = figures()
    assert found["database_up",] == 0
    assert "requests_total" in {name for name, *_ in found}
    assert "organisations" not in {name for name, *_ in found}


# --- All processes together -----------------------------------------------------------------------------------------


@pytest.mark.slow
def test_two_processes_are_counted_together_and_one_that_is_replaced_is_not_lost(tmp_path: Path, new_tenant):
    tenant = new_tenant("counted")
    with served(tmp_path, processes=2, METRICS_TOKEN=TOKEN, LOG_FORMAT="json") as server:
        metrics = lambda: parsed(server.get("/metrics", host="web:8000")[1])  # noqa: E731  asked again and again
        login = ("requests_total", plan_of(tenant), "200", "account_login")
        for number in range(1, 21):
            assert server.get("/account/login/", host=f"{tenant.slug}.localhost")[0].status == 200
            if number > 1:
                assert metrics()[login] == number  # whichever process is asked
        (folder,) = (path for path in tmp_path.iterdir() if path.name.startswith("metrics-"))
        assert len(list(folder.glob("counter_*.db"))) == 2
        first = workers(server.process.pid)[0]
        os.kill(first, signal.SIGKILL)
        until(lambda: len(workers(server.process.pid)) == 2 and first not in workers(server.process.pid))
        for _ in range(20):
            assert server.get("/account/login/", host=f"{tenant.slug}.localhost")[0].status == 200
        found = metrics()
        assert found[login] == 40
        assert found["requests_in_progress",] == 1
        assert len(list(folder.glob("counter_*.db"))) == 2
        stranger, _ = server.get("/metrics", X_Forwarded_For="203.0.113.9")
        assert stranger.status == 404
        trusted, _ = server.get("/metrics", X_Forwarded_For="10.0.0.2", Authorization=f"Bearer {TOKEN}")
        assert trusted.status == 200
    assert not folder.exists()
    assert re.search(
        r'"host": "counted.localhost", "request_id": "[0-9a-f]{32}", "status": 200', (tmp_path / "access").read_text()
    )


def workers(pid: int) -> list[int]:
    return [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]

"""The proxy may get a certificate for hosts that work, and for no other; only the proxy may ask."""

from concurrent.futures import ThreadPoolExecutor, wait
from time import perf_counter
from typing import Any

import pytest
from django.db import connection, connections
from django.test import Client
from django.test.utils import CaptureQueriesContext

from profiles.own_domains import certificates
from tenants.models import Domain
from tenants.serving.turns import health_turns
from tests.profiles.own_domains.conftest import HOST, check

PROXY = Client(SERVER_NAME="web")


@pytest.fixture(autouse=True)
def forgetful(db, monkeypatch):
    """Each test begins as a process that has answered nothing."""
    monkeypatch.setattr(certificates, "memory", certificates.Memory())
    monkeypatch.setattr(certificates, "allowance", certificates.Allowance())


def ask(host: str, path: str = "/tls/allowed", **headers: Any) -> int:
    certificates.memory.read_at = float("-inf")
    return PROXY.get(path, {"domain": host}, **headers).status_code


def test_only_hosts_that_work_get_a_certificate(acme, globex, names, live, add):
    add("pending.customer.example")
    allowed = [HOST, HOST.upper(), "localhost", "acme.localhost", "globex.localhost"]
    assert [ask(host) for host in allowed] == [200] * 5
    refused = ["pending.customer.example", "nobody.localhost", f"x.{HOST}", "", "\0", "*.localhost", "tenant_template"]
    assert [ask(host) for host in refused] == [404] * 7
    names.texts.clear()
    assert check(acme).state == "failing"
    assert ask(HOST) == 404


@pytest.mark.parametrize("header", ["HTTP_X_FORWARDED_FOR", "HTTP_FORWARDED", "HTTP_VIA"])
def test_a_stranger_whom_the_proxy_lets_through_learns_nothing(header):
    assert ask("localhost") == 200
    assert ask("localhost", **{header: "203.0.113.9"}) == 404


def test_another_machine_learns_nothing():
    assert ask("localhost", REMOTE_ADDR="203.0.113.9") == 404
    assert ask("localhost", REMOTE_ADDR="") == 404


def test_with_a_secret_only_those_who_know_it_may_ask(settings):
    settings.TLS_SECRET = "s" * 30
    assert ask("localhost") == 404
    assert ask("localhost", "/tls/allowed/wrong") == 404
    assert ask("localhost", "/tls/allowed/" + "s" * 29) == 404
    assert ask("localhost", "/tls/allowed/" + "s" * 30, REMOTE_ADDR="172.18.0.5") == 200


def test_a_flood_of_questions_is_refused(settings):
    settings.TLS_ASKS_PER_SECOND = 3
    answers = [ask("localhost") for _ in range(8)]
    assert answers.count(200) <= 6
    assert 429 in answers


def test_a_question_takes_no_connection_of_its_own():
    """The bound is WEB_PLACES and two: one of them is for health checks, which take turns with it."""

    def has() -> bool:
        connection.ensure_connection()  # the thread's own, which is closed and not parked
        try:
            return certificates.memory.has("localhost")
        finally:
            connections.close_all()

    with ThreadPoolExecutor(1) as pool:
        with health_turns().taken("a health check"):
            asking = pool.submit(has)
            assert wait([asking], 0.3).not_done
        assert asking.result(5)


def test_answers_come_from_memory_in_less_than_a_millisecond(live):
    ask(HOST)
    seconds = []
    with CaptureQueriesContext(connection) as queries:
        for host in [HOST, "localhost"] * 100:
            began = perf_counter()
            certificates.memory.has(host)
            seconds.append(perf_counter() - began)
    assert len(queries) == 0
    assert sorted(seconds)[len(seconds) // 2] < 0.001


def test_a_host_that_was_asked_for_before_it_was_there_is_allowed_at_once(acme):
    """The owner's first click comes within a second of the sign-up, in which strangers ask for made-up names, too."""
    assert not certificates.memory.has("new.localhost")
    Domain.objects.bulk_create([Domain(tenant=acme, domain="new.localhost", is_primary=False)])
    assert certificates.memory.has("new.localhost")


def test_a_made_up_name_costs_one_statement_and_no_name_none(django_assert_num_queries):
    certificates.memory.has("localhost")
    with django_assert_num_queries(1):
        assert not certificates.memory.has("made-up.example")
    with django_assert_num_queries(0):
        assert not any(certificates.memory.has(name) for name in ("", "\0", "a" * 254, "exämple.de"))

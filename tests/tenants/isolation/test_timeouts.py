"""How long a statement may take: in a request and in a job; elsewhere there is no limit."""

import pytest
from django.db import connection, transaction

from tenants.context import within
from tenants.isolation.timeouts import limited
from tests.tenants import jobs

NAMES = ["statement_timeout", "lock_timeout", "idle_in_transaction_session_timeout"]


def timeouts() -> list[str]:
    found = []
    with connection.cursor() as cursor:
        for name in NAMES:
            cursor.execute(f"SHOW {name}")
            found.append(cursor.fetchone()[0])
    return found


def test_a_request_has_its_own_and_gives_them_back(db, settings):
    settings.TIMEOUTS = {"request": ("7s", "3s", "9s")}
    before = timeouts()
    with limited("request"):
        assert timeouts() == ["7s", "3s", "9s"]
    assert timeouts() == before


def test_they_hold_for_the_tenants_role(acme, settings):
    """Where a role's own settings do not: PostgreSQL reads those at login only."""
    settings.TIMEOUTS = {"request": ("7s", "3s", "9s")}
    with limited("request"), within(acme):
        assert timeouts() == ["7s", "3s", "9s"]


def test_they_survive_a_rollback(acme, settings):
    settings.TIMEOUTS = {"request": ("7s", "3s", "9s")}
    with limited("request"), within(acme):
        with pytest.raises(LookupError), transaction.atomic():
            timeouts()
            raise LookupError
        assert timeouts() == ["7s", "3s", "9s"]


def test_what_the_server_sets_stays_elsewhere(db, settings):
    """No time-out of the product ends a migration that takes an hour."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT reset_val FROM pg_settings WHERE name = 'statement_timeout'")
        assert cursor.fetchone() == ("0",)
    assert timeouts()[0] == "0"


def test_a_job_has_its_own(acme, run_jobs, settings, monkeypatch):
    settings.TIMEOUTS = {"job": ("4min", "20s", "3min")}
    seen = []
    monkeypatch.setattr(jobs.greet, "function", lambda **_: seen.append(timeouts()))
    with within(acme):
        jobs.greet.defer(pk=1)
    run_jobs()
    assert seen == [["4min", "20s", "3min"]]


def test_a_request_that_takes_too_long_is_ended_and_said_in_words(strange, settings, caplog):
    settings.TIMEOUTS = settings.TIMEOUTS | {"request": ("100ms", "3s", "9s")}
    page = strange.get("/slow/")
    assert (page.status_code, page["Retry-After"]) == (503, "5")
    assert "took too long" in page.text
    assert "QueryCanceled" in caplog.text, "the operator has to hear of it"

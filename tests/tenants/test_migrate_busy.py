"""`manage.py migrate` among organisations that are at work: real connections, locks and threads."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Event, Thread

import pytest
from django.core.management import CommandError
from django.db import connection, transaction

from tenants.context import as_owner, public, within
from tenants.migrating import run
from tenants.models import Tenant
from tests.tenants.migrating import assert_all_equal_the_template, columns, later_code, migrate

HOLDS = {
    "its table": "LOCK TABLE profiles_profile IN ACCESS EXCLUSIVE MODE",
    "a row": "SELECT FROM profiles_profile WHERE id = 1 FOR UPDATE",
}
SECONDS = 20


@pytest.fixture
def tomorrow(own_database: str, settings) -> Iterator[None]:
    settings.TIMEOUTS = settings.TIMEOUTS | {"migration": (None, "50ms", None)}
    with later_code("tests.tomorrow"):
        yield


@contextmanager
def held(tenant: Tenant, statement: str) -> Iterator[Event]:
    """Somebody else's transaction holds what this statement locks, until the event is set."""
    is_held, release = Event(), Event()

    def hold() -> None:
        try:
            with as_owner(), within(tenant), transaction.atomic(), connection.cursor() as cursor:
                cursor.execute(statement)
                is_held.set()
                release.wait(SECONDS)
        finally:
            connection.close()

    thread = Thread(target=hold)
    thread.start()
    try:
        assert is_held.wait(SECONDS)
        yield release
    finally:
        release.set()
        thread.join()


def named(slug: str) -> Tenant:
    with public():
        return Tenant.objects.get(slug=slug)


@pytest.mark.parametrize("slug", ["acme", "globex"])
@pytest.mark.parametrize("statement", HOLDS.values(), ids=HOLDS.keys())
def test_a_busy_one_is_done_when_it_is_free_and_all_others_before(tomorrow, monkeypatch, slug, statement):
    """Whether it is the first of its group, whose steps the others repeat, or another."""
    before_release = {}
    with held(named(slug), statement) as release:

        def pause(_seconds: float) -> None:
            """Only busy ones are left. Who is through by now?"""
            with public():
                before_release.update({each.slug: each.is_complete for each in Tenant.objects.active()})
            release.set()

        monkeypatch.setattr(run.time, "sleep", pause)
        out = migrate(jobs=2)
    assert before_release == {"acme": True, "globex": True} | {slug: False}
    assert "organisations migrated" in out
    assert "nickname" in columns(named(slug), "profiles_profile")
    assert_all_equal_the_template()


def test_one_that_stays_busy_fails_in_words_and_the_next_run_takes_it_up(tomorrow, monkeypatch):
    monkeypatch.setattr(run, "PAUSE_SECONDS", 0.01)
    with held(named("acme"), HOLDS["its table"]):
        began = time.monotonic()
        with pytest.raises(CommandError, match=r"1 of \d+ organisations failed") as failure:
            migrate(jobs=2)
        assert time.monotonic() - began < SECONDS / 2
    said = str(failure.value)
    assert "acme" in said
    assert "Something held a lock on its tables over 50ms, each of 5 times." in said
    assert "globex" not in said
    assert not named("acme").is_complete
    assert "nickname" not in columns(named("acme"), "profiles_profile")
    assert "nickname" in columns(named("globex"), "profiles_profile")
    assert "1 organisations migrated." in migrate()
    assert_all_equal_the_template()

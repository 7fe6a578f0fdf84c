"""`manage.py migrate` with busy organisations: real connections, locks and threads."""

import os
import signal
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from io import StringIO
from signal import SIGINT, SIGKILL
from subprocess import DEVNULL, Popen
from threading import Event, Thread
from urllib.parse import quote

import pytest
from django.conf import settings as django_settings
from django.core.management import CommandError, call_command
from django.db import connection, transaction

from config import brand
from tenants.context import as_owner, public, within
from tenants.models import Tenant
from tenants.schemas.migrating import run
from tenants.schemas.migrating.target import target_of
from tenants.schemas.spares import make_spare
from tests.tenants.migrating import all_differences, assert_all_equal_the_template, columns, later_code, migrate

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
    """Another transaction holds what this statement locks, until the event is set."""
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


@pytest.mark.slow
@pytest.mark.parametrize("slug", ["acme", "globex"])
@pytest.mark.parametrize("statement", HOLDS.values(), ids=HOLDS.keys())
def test_a_busy_one_is_done_when_it_is_free_and_all_others_before(tomorrow, monkeypatch, slug, statement):
    """Both for the first of its group, whose SQL the others replay, and for another one."""
    before_release = {}
    with held(named(slug), statement) as release:

        def pause(_seconds: float) -> None:
            """When only busy ones are left, which are done?"""
            with public():
                before_release.update({each.slug: each.is_complete for each in Tenant.objects.active()})
            release.set()

        monkeypatch.setattr(run.time, "sleep", pause)
        out = migrate(jobs=2)
    assert before_release == {"acme": True, "globex": True} | {slug: False}
    assert "organisations migrated" in out
    assert "nickname" in columns(named(slug), "profiles_profile")
    assert_all_equal_the_template()


@pytest.mark.slow
def test_one_that_stays_busy_fails_in_words_and_the_next_run_takes_it_up(tomorrow, monkeypatch):
    monkeypatch.setattr(run, "PAUSE_SECONDS", 0.01)
    with (
        held(named("acme"), HOLDS["its table"]),
        pytest.raises(CommandError, match=r"1 of \d+ organisations failed") as failure,
    ):
        migrate(jobs=2)
    said = str(failure.value)
    assert "acme" in said
    assert "Its tables were locked by another session at each of 5 attempts" in said
    assert "globex" not in said
    assert not named("acme").is_complete
    assert "nickname" not in columns(named("acme"), "profiles_profile")
    assert "nickname" in columns(named("globex"), "profiles_profile")
    assert "1 organisations migrated." in migrate()
    assert_all_equal_the_template()


@pytest.fixture
def interruptible() -> Iterator[None]:
    """Enables SIGINT as in a terminal: processes that a shell starts in the background ignore it."""
    before = signal.signal(SIGINT, signal.default_int_handler)
    yield
    signal.signal(SIGINT, before)


@pytest.mark.slow
def test_interrupted_it_ends_what_is_under_way_and_begins_nothing(own_database, interruptible):
    for _ in range(8):
        make_spare()
    heard: list[run.Outcome] = []

    def interrupt(outcome: run.Outcome) -> None:
        heard.append(outcome)
        if len(heard) == 3:
            os.kill(os.getpid(), SIGINT)

    with later_code("tests.tomorrow"), as_owner(), public():
        migrate(tenant="acme")
        template = Tenant.objects.template()
        behind = list(Tenant.objects.behind(template))
        with pytest.raises(KeyboardInterrupt):
            run.follow(behind, target_of(template), jobs=2, fake=False, heard=interrupt)
        assert 3 <= len(heard) < len(behind)
        assert Tenant.objects.behind(template).count() == len(behind) - len(heard)


# --- In a process of its own ---

WAITING = "SELECT count(*) FROM pg_stat_activity WHERE application_name LIKE %s AND wait_event_type = 'Lock'"
OTHERS = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"


@contextmanager
def tomorrows_migrate(database: str) -> Iterator[Popen[bytes]]:
    """A process that migrates all organisations to tomorrow's code, two at a time; killed in the end."""
    where = connection.get_connection_params()
    environment = os.environ | {
        "DJANGO_SETTINGS_MODULE": "tests.tomorrows.settings",
        "DATABASE_URL": f"postgres://{where['user']}@{quote(where['host'], safe='')}:{where['port']}/{database}",
    }
    command = [sys.executable, "manage.py", "migrate", "--jobs", "2"]
    process = Popen(command, cwd=django_settings.BASE_DIR, env=environment, stdout=DEVNULL)
    try:
        yield process
    finally:
        process.kill()
        process.wait()


def wait_for(process: Popen[bytes], *, number: int, query: str, values: list[str] | None = None) -> None:
    """Wait until PostgreSQL returns this number."""
    deadline = time.monotonic() + SECONDS
    while time.monotonic() < deadline:
        with public(), connection.cursor() as cursor:
            cursor.execute(query, values)
            if cursor.fetchone()[0] == number:
                return
        if process.poll() not in (None, -SIGKILL):
            break
        time.sleep(0.01)
    raise AssertionError(f"{query} has not become {number}; the process: {process.poll()}")


@pytest.mark.slow
def test_killed_in_the_middle_the_next_one_takes_up_what_is_left(own_database):
    """One is done, and as many as there are jobs are inside their transaction."""
    spare = make_spare()
    acme, globex = named("acme"), named("globex")
    with tomorrows_migrate(own_database) as process, held(globex, HOLDS["a row"]), held(spare, HOLDS["its table"]):
        wait_for(process, number=2, query=WAITING, values=[f"{brand.SLUG} t_%"])
        process.kill()
        process.wait()
    wait_for(process, number=0, query=OTHERS)
    with later_code("tests.tomorrow"):
        assert named("acme").is_complete
        assert "nickname" in columns(acme, "profiles_profile")
        for tenant in (globex, spare):
            tenant.refresh_from_db()
            assert not tenant.is_complete
            assert "nickname" not in columns(tenant, "profiles_profile")
        assert all_differences() != []
        assert "2 organisations migrated." in migrate()
        assert_all_equal_the_template()
        out = StringIO()
        call_command("check_schemas", stdout=out)
        assert out.getvalue() == "All 3 schemas equal the template.\n"

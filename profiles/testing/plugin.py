"""The pytest plugin: two organisations, acme and globex, the people in them, and browsers for each."""

import gc
import sys
from collections.abc import Callable, Iterator
from copy import deepcopy
from math import inf
from pathlib import Path
from time import monotonic
from typing import Any

import pytest
from django.core.cache import cache
from django.db import connection, connections, transaction
from django.test import Client
from django.utils import timezone, translation
from pytest_django.plugin import DjangoDbBlocker

from profiles.models import User
from profiles.testing import SiteClient, drop_jobs, jobs, make_people, new_organisation
from profiles.testing.installed import Refusing, is_of_an_app_that_is_out
from profiles.testing.matrix import World
from tenants.context import current, public, within
from tenants.limits.models import Limit
from tenants.models import Tenant
from tenants.once.models import Done
from tenants.readiness.findings import recent
from tenants.schemas.spares import discard
from tenants.serving import hosts

# Ends all other connections to this database.
OTHERS = """
SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity
WHERE datname = current_database() AND pid <> pg_backend_pid() AND usename = session_user
"""


# What is imported and collected stays, so that Python would look through all of it for garbage again and again.
gc.set_threshold(200_000, 20, 20)

sys.meta_path.insert(0, Refusing())


class Start:
    """What each test begins with. It is read once, and each test has copies, which saves most of them a quarter of
    their time.
    """

    def __init__(self) -> None:
        self.version: Any = None  # of the directory
        self.places: dict[str, hosts.Place] = {}
        self.people: dict[tuple[str, str], User] = {}

    def read(self) -> None:
        self.version = hosts.read_version()
        self.places = hosts.read(["acme.localhost", "globex.localhost"])
        for slug in ("acme", "globex"):
            with within(self.tenant(slug)):
                people = User.objects.select_related("profile")
                self.people |= {(slug, user.username): user for user in people}

    def tenant(self, slug: str) -> Tenant:
        return deepcopy(self.places[f"{slug}.localhost"].tenant)

    def person(self, slug: str, username: str) -> User:
        return deepcopy(self.people[slug, username])


class Unvisited(hosts.Memory):
    """The cache of hosts in a test that has visited none. A first visit finds what it would read."""

    def __init__(self, start: Start) -> None:
        super().__init__(start.version)
        self.unread = dict(start.places)
        self.asked = inf  # The five seconds begin with the first visit.
        self.is_changed = False

    def recall(self, host: str) -> hosts.Place | None:
        if place := self.unread.pop(host, None):
            self.keep({host: place})
            self.asked = monotonic()
        return super().recall(host)


def notice_changes(execute: Callable[..., Any], sql: Any, params: Any, many: bool, context: Any) -> Any:
    """Around each statement: once a test changes the directory, what was read before it is no longer what a visit
    would read.
    """
    text = str(sql)
    if ("tenants_tenant" in text or "tenants_domain" in text) and not text.startswith("SELECT"):
        memory = hosts._memory
        if isinstance(memory, Unvisited):
            memory.unread.clear()
            memory.is_changed = True
    return execute(sql, params, many, context)


start = Start()


def pytest_collection_finish() -> None:
    """Leave what is there by now out of each later search for garbage."""
    gc.freeze()


def pytest_ignore_collect(collection_path: Path) -> bool | None:
    """Ignore the tests of apps that are not installed: they cannot be imported."""
    return True if is_of_an_app_that_is_out(collection_path) else None


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """Create the organisations before the first test. Each test's transaction is rolled back."""
    with django_db_blocker.unblock():
        for slug in ("acme", "globex"):
            tenant = new_organisation(slug)
            with within(tenant):
                make_people(slug)
        drop_jobs()
        start.read()
        connection.execute_wrappers.append(notice_changes)
    yield
    with django_db_blocker.unblock(), connection.cursor() as cursor:
        cursor.execute(OTHERS)  # The thread that looks up hosts has one, and the database could not be dropped.
    connection.close()  # With parked connections, it may not be the one that drops the database.


@pytest.fixture(autouse=True)
def nothing_remembered(django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """Clear caches before each test, and the language and time zone of the last request; check that the test leaves no
    tenant current.
    """
    if start.places and getattr(hosts._memory, "is_changed", True):
        with django_db_blocker.unblock(), public():
            hosts.tell_change()  # What pages show of the directory is read again, as a look-up would do.
    hosts._memory = Unvisited(start)
    cache.clear()
    recent.forget()
    translation.deactivate()
    timezone.deactivate()
    assert current() is None
    yield
    assert current() is None, "This test left a tenant current."


@pytest.fixture
def acme(db: None) -> Tenant:
    return start.tenant("acme")


@pytest.fixture
def globex(db: None) -> Tenant:
    return start.tenant("globex")


@pytest.fixture(scope="module")
def world(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[World]:
    """What acme's addresses are about, made once for all tests of a file. Each of them undoes what it changes."""
    with django_db_blocker.unblock(), transaction.atomic():
        yield World(Tenant.objects.get(slug="acme"))
        transaction.set_rollback(True)


@pytest.fixture
def owner(acme: Tenant) -> User:
    return start.person("acme", "owner")


@pytest.fixture
def admin(acme: Tenant) -> User:
    return start.person("acme", "admin")


@pytest.fixture
def editor(acme: Tenant) -> User:
    return start.person("acme", "editor")


@pytest.fixture
def reader(acme: Tenant) -> User:
    return start.person("acme", "reader")


@pytest.fixture
def gone(acme: Tenant) -> User:
    """A deactivated member."""
    return start.person("acme", "gone")


@pytest.fixture
def stranger(globex: Tenant) -> User:
    """globex's owner, with the primary key and username of acme's."""
    return start.person("globex", "owner")


@pytest.fixture
def visitor(acme: Tenant) -> SiteClient:
    """A browser on acme's host without a signed-in member."""
    return SiteClient(acme)


@pytest.fixture
def as_user(acme: Tenant) -> Callable[[User], SiteClient]:
    """A browser on acme's host where this person is signed in: `as_user(reader).get("/people/")`."""
    return lambda user: SiteClient(acme).sign_in(user)


@pytest.fixture
def public_client(db: None) -> Client:
    """A browser on the public site."""
    return Client(SERVER_NAME="localhost")


@pytest.fixture
def run_jobs(db: None) -> Callable[[], int]:
    """Run all queued jobs here, in the test's transaction, as the worker would call them. Returns how many."""
    return jobs.run_jobs


@pytest.fixture
def transactional_db() -> None:
    """By this name pytest-django recognises that a test needs the test database.

    Otherwise a run of such tests alone would use the development database.
    """


@pytest.fixture
def committed(transactional_db: None, django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """Real commits, for threads and races. Organisations and jobs of the test are dropped after it.

    Such a test must not change acme and globex: it creates its own with `new_tenant`.
    """
    with django_db_blocker.unblock():
        before = list(Tenant.objects.values_list("pk", flat=True))
        yield
        for tenant in Tenant.objects.exclude(pk__in=before):
            discard(tenant)
        drop_jobs()
        Limit.objects.all().delete()
        Done.objects.all().delete()
        connections.close_all()


@pytest.fixture
def new_tenant(committed: None) -> Callable[[str], Tenant]:
    """An organisation of the test's own, with an owner, committed."""
    return new_organisation

"""The pytest plugin: two organisations, acme and globex, the people in them, and browsers for each."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from django.core.cache import cache
from django.db import connection, connections
from django.test import Client
from pytest_django.plugin import DjangoDbBlocker

from profiles.models import User
from profiles.testing import SiteClient, drop_jobs, jobs, make_people, new_organisation, person
from profiles.testing.installed import is_of_an_app_that_is_out
from tenants.context import current, within
from tenants.limits.models import Limit
from tenants.models import Tenant
from tenants.once.models import Done
from tenants.schemas.spares import discard
from tenants.serving import hosts

# Ends all connections to this database but ours.
OTHERS = """
SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity
WHERE datname = current_database() AND pid <> pg_backend_pid() AND usename = session_user
"""


def pytest_ignore_collect(collection_path: Path) -> bool | None:
    """Leave out the tests of apps that are not installed, which could not even be imported."""
    return True if is_of_an_app_that_is_out(collection_path) else None


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """Each test finds the world made, and leaves it as it was: its transaction is rolled back."""
    with django_db_blocker.unblock():
        for slug in ("acme", "globex"):
            tenant = new_organisation(slug)
            with within(tenant):
                make_people(slug)
        drop_jobs()
    yield
    with django_db_blocker.unblock(), connection.cursor() as cursor:
        cursor.execute(OTHERS)  # The thread that looks hosts up has one: the database could not be dropped.
    connection.close()  # It may be another than the one that drops the database: a test that parks leaves any of them.


@pytest.fixture(autouse=True)
def nothing_remembered() -> Iterator[None]:
    """No test inherits a cache or a tenant from another, and none leaves a tenant behind."""
    hosts.clear()
    cache.clear()
    assert current() is None
    yield
    assert current() is None, "This test left a tenant current."


@pytest.fixture
def acme(db: None) -> Tenant:
    return Tenant.objects.get(slug="acme")


@pytest.fixture
def globex(db: None) -> Tenant:
    return Tenant.objects.get(slug="globex")


@pytest.fixture
def owner(acme: Tenant) -> User:
    return person(acme, "owner")


@pytest.fixture
def admin(acme: Tenant) -> User:
    return person(acme, "admin")


@pytest.fixture
def editor(acme: Tenant) -> User:
    return person(acme, "editor")


@pytest.fixture
def reader(acme: Tenant) -> User:
    return person(acme, "reader")


@pytest.fixture
def gone(acme: Tenant) -> User:
    """Deactivated."""
    return person(acme, "gone")


@pytest.fixture
def stranger(globex: Tenant) -> User:
    """globex's owner: the same primary key and username as acme's."""
    return person(globex, "owner")


@pytest.fixture
def visitor(acme: Tenant) -> SiteClient:
    """A browser on acme's host where nobody is signed in."""
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
    """The name by which pytest-django sees that a test needs the test database.

    A run of such tests alone would otherwise work on the database of the development server.
    """


@pytest.fixture
def committed(transactional_db: None, django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """Real commits, for threads and races. Organisations made in the test are dropped after it, jobs too.

    Such a test must not change acme and globex: it makes its own with `new_tenant`.
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

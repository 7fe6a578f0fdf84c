"""The world: two organisations, acme and globex, with the same named people, whose primary keys are the same too."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.core.cache import cache
from django.db import connection, connections
from django.test import Client
from procrastinate.contrib.django import app
from procrastinate.contrib.django.models import ProcrastinateJob
from pytest_django.plugin import DjangoDbBlocker

from profiles.models import User
from profiles.roles import Role
from tenants.context import current, public, within
from tenants.limits.models import Limit
from tenants.models import Tenant
from tenants.once.models import Done
from tenants.organisations.sign_up import sign_up
from tenants.schemas.spares import discard, make_spare
from tenants.serving import hosts

PASSWORD = "correct horse battery"  # of everybody in the tests' world


class SiteClient(Client):
    """A browser on one organisation's host."""

    def __init__(self, tenant: Tenant, **defaults: Any) -> None:
        super().__init__(SERVER_NAME=tenant.domain, **defaults)
        self.tenant = tenant

    def sign_in(self, user: User) -> "SiteClient":
        with within(self.tenant):
            self.force_login(user, backend="allauth.account.auth_backends.AuthenticationBackend")
        return self

    def give_password(self) -> "SiteClient":
        """Prove once more who one is, as some pages ask for: they then trust for some minutes."""
        assert self.post("/account/reauthenticate/", {"password": PASSWORD}).status_code == 302
        return self


def make_people(organisation: str) -> None:
    """One person in each role, and Gone, who is deactivated; the owner is there already."""
    names = {"admin": "Adam Admin", "editor": "Edda Editor", "reader": "Rita Reader", "gone": "Gregor Gone"}
    for username, name in names.items():
        first, last = name.split()
        User.objects.create_user(
            username,
            f"{username}@{organisation}.example",
            PASSWORD,
            first_name=first,
            last_name=last,
            role=Role.READER if username == "gone" else username,
            is_active=username != "gone",
        )


def new_organisation(slug: str) -> Tenant:
    """An organisation whose owner is Olga."""
    email = f"owner@{slug}.example"
    make_spare()
    return sign_up(organisation=slug.title(), slug=slug, name="Olga Owner", email=email, password=PASSWORD).tenant


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> None:
    """Each test finds the world made, and leaves it as it was: its transaction is rolled back."""
    with django_db_blocker.unblock():
        for slug in ("acme", "globex"):
            tenant = new_organisation(slug)
            with within(tenant):
                make_people(slug)
        drop_jobs()


def drop_jobs() -> None:
    with public(), connection.cursor() as cursor:
        cursor.execute("DELETE FROM procrastinate_jobs")


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


def person(tenant: Tenant, username: str) -> User:
    with within(tenant):
        return User.objects.select_related("profile").get(username=username)


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
    """globex's owner: the same primary key and user name as acme's."""
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
    """Do all queued jobs here, in the test's transaction, by what the worker would call. Returns how many."""

    def run() -> int:
        done = 0
        while job := next(iter(queued_jobs()), None):
            app.tasks[job.task_name].func(**job.args)
            with public(), connection.cursor() as cursor:
                cursor.execute("DELETE FROM procrastinate_jobs WHERE id = %s", [job.pk])
            done += 1
        return done

    return run


def queued_jobs() -> list[ProcrastinateJob]:
    with public():
        return list(ProcrastinateJob.objects.filter(status="todo").order_by("pk"))


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

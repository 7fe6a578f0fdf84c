"""What all contestants have in common: people, sessions, and how statements are counted."""

import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from importlib import import_module
from typing import Any
from uuid import uuid4

from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.db import connection
from django.test import Client

from profiles.models import Profile, User
from profiles.roles import Role
from profiles.sign_in.sessions import BACKEND
from tenants.context import within
from tenants.models import Tenant
from tests.bench.contestants.seats import Seat

SWITCHES = ("SET SEARCH_PATH", "SELECT SET_CONFIG('SEARCH_PATH'")


class Contestant:
    """One way of having organisations. What the bench calls takes and returns what JSON can carry."""

    def enter(self, tenant: Tenant) -> AbstractContextManager[Any]:
        """Work inside an organisation, in the contestant's own way."""
        return within(tenant)

    def furnish(self, tenant: Tenant, people: int) -> Seat:
        """People with profiles in an organisation; the first of them owns it, and is signed in."""
        with self.enter(tenant):
            User.objects.bulk_create(person(number) for number in range(people))
            Profile.objects.update(bio="I read all day: https://books.example/", location="Lisbon", pronouns="she/her")
            viewer = User.objects.get(username="person-0")
            session = import_module(settings.SESSION_ENGINE).SessionStore()
            session[SESSION_KEY] = str(viewer.pk)
            session[BACKEND_SESSION_KEY] = BACKEND
            session[HASH_SESSION_KEY] = viewer.get_session_auth_hash()
            session.create()
        return Seat(host=f"{tenant.slug}.{settings.BASE_DOMAIN}", cookie=str(session.session_key))

    def statements(self, path: str, seats: list[Seat], requests: int) -> list[float]:
        """What a page asks of the database, once warm: queries, and statements that only switch schemas.

        The seats take turns. As Django sees it: without the check of a kept connection, the same in all.
        """
        clients = [client(seat) for seat in seats]
        for each in clients:
            get(each, path)
        seen: list[str] = []
        with connection.execute_wrapper(noting(seen)):
            for number in range(requests):
                get(clients[number % len(clients)], path)
        switches = sum(sql.lstrip().upper().startswith(SWITCHES) for sql in seen)
        return [(len(seen) - switches) / requests, switches / requests]

    def one_query(self, times: int) -> float:
        """Seconds for the smallest query, in another organisation than the last where there are two."""
        places = self.two_organisations()
        began = time.perf_counter()
        for number in range(times):
            with self.enter(places[number % len(places)]), connection.cursor() as cursor:
                cursor.execute("SELECT 1")
                cursor.fetchone()
        return (time.perf_counter() - began) / times

    def two_organisations(self) -> list[Tenant]:
        return list(Tenant.objects.filter(state=Tenant.State.ACTIVE).order_by("pk")[:2])


def person(number: int) -> User:
    role = Role.OWNER if number == 0 else Role.EDITOR
    names = {"first_name": "Person", "last_name": f"Number {number}"}
    return User(username=f"person-{number}", email=f"person-{number}@bench.example", role=role, **names)


def new_slug() -> str:
    return f"bench-{uuid4().hex[:12]}"


def client(seat: Seat) -> Client:
    browser = Client(SERVER_NAME=seat["host"])
    browser.cookies[settings.SESSION_COOKIE_NAME] = seat["cookie"]
    return browser


def get(browser: Client, path: str) -> None:
    """Raises RuntimeError unless the page is there: a redirect to the login page would be fast."""
    response = browser.get(path)
    if response.status_code != 200:
        raise RuntimeError(f"{path} answered {response.status_code}, not 200.")


def noting(seen: list[str]) -> Callable[..., Any]:
    def note(execute: Callable[..., Any], sql: str, *args: Any) -> Any:
        seen.append(str(sql))
        return execute(sql, *args)

    return note


@contextmanager
def timed() -> Iterator[list[float]]:
    """Appends the seconds that the block took to the list that it gives."""
    seconds: list[float] = []
    began = time.perf_counter()
    yield seconds
    seconds.append(time.perf_counter() - began)

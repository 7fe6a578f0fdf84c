"""A statement runs as the role of its organisation, whichever way it takes to the server."""

from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from contextvars import copy_context

import psycopg
import pytest
from django.db import DatabaseError, ProgrammingError, connection, connections, transaction

from profiles.models import User
from tenants.context import as_owner, public, within
from tests.tenants import jobs
from tests.tenants.isolation.attempts import allowed, attempts_on
from tests.tenants.where import ask, ask_all, current_user

# The second is what comes past Django's wrapper, of what psycopg itself iterates over.
REFUSED = (ProgrammingError, psycopg.errors.InsufficientPrivilege)


def by_cursor(statement: str) -> str:
    return str(ask(statement))


def by_named_cursor(statement: str) -> str:
    with transaction.atomic(), connection.chunked_cursor() as cursor:
        cursor.execute(statement)
        return cursor.fetchone()[0]


def by_copy(statement: str) -> str:
    with connection.cursor() as cursor, cursor.copy(f"COPY ({statement}) TO STDOUT") as rows:
        [row] = rows.rows()
        return row[0]


def by_stream(statement: str) -> str:
    with connection.cursor() as cursor:
        [row] = cursor.stream(statement)
        return row[0]


def after_an_error(statement: str) -> str:
    with suppress(DatabaseError), transaction.atomic():
        ask_all("SELECT 1 / 0")
    return by_cursor(statement)


def after_a_rolled_back_savepoint(statement: str) -> str:
    with transaction.atomic():
        with suppress(LookupError), transaction.atomic(), public():
            current_user()
            raise LookupError
        return by_cursor(statement)


def after_a_rolled_back_transaction(statement: str) -> str:
    with suppress(LookupError), transaction.atomic():
        current_user()
        raise LookupError
    return by_cursor(statement)


def after_a_lost_connection(statement: str) -> str:
    connection.close()
    return by_cursor(statement)


def after_the_owners_work(statement: str) -> str:
    with as_owner():
        current_user()
    return by_cursor(statement)


def in_a_thread(statement: str) -> str:
    def work() -> str:
        try:
            return by_cursor(statement)
        finally:
            connections.close_all()

    with ThreadPoolExecutor(1) as pool:
        return pool.submit(copy_context().run, work).result()


WAYS = [
    *(by_cursor, by_named_cursor, by_copy, by_stream, in_a_thread),
    *(after_an_error, after_a_rolled_back_savepoint, after_a_rolled_back_transaction),
    *(after_a_lost_connection, after_the_owners_work),
]


@pytest.mark.parametrize("way", WAYS, ids=lambda way: way.__name__)
def test_every_way_to_the_server_has_the_role_and_reaches_nothing_next_door(acme_and_globex, way):
    """Out of a pool, and from thread to thread: backend/test_pool.py, test_parking.py."""
    for here, there in (acme_and_globex, acme_and_globex[::-1]):
        theirs = f"SELECT email FROM {there.schema_name}.profiles_user"  # noqa: S608  our own word
        with within(here):
            assert way("SELECT current_user") == here.schema_name
            with pytest.raises(REFUSED, match="permission denied for schema"):
                way(theirs)
        with public():
            assert way("SELECT current_user") == connection.get_connection_params()["user"]
            with pytest.raises(REFUSED, match="permission denied for schema"):
                way(theirs)


def test_a_job_has_the_role_and_reaches_nothing_next_door(acme, globex, run_jobs, monkeypatch):
    def work(pk: int) -> None:
        assert (current_user(), User.objects.get(pk=pk).email) == (acme.schema_name, "owner@acme.example")
        seen.extend(allowed(attempts_on(globex.schema_name)) or ["nothing"])

    seen: list[str] = []
    monkeypatch.setattr(jobs.greet, "function", work)
    with within(acme):
        jobs.greet.defer(pk=1)
    run_jobs()
    assert seen == ["nothing"]

"""After any change of a session without the backend, the next statement is in the current schema, or refused.

CHANGES=5000 plays more stories.
"""

import os
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, suppress

import psycopg
import pytest
from django.db import DEFAULT_DB_ALIAS, DatabaseError, connection, connections, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from psycopg.pq import TransactionStatus

from tenants import context
from tenants.backend.watch import reported
from tenants.context import as_owner, public, within
from tenants.errors import WrongTenant
from tenants.isolation import timeouts
from tenants.isolation.timeouts import limited
from tenants.models import Tenant
from tests.daily import part_each_day
from tests.tenants.backend.behind import DEEDS, LATER, SETTING, UNDOING, WAYS, WHERE, Failed, execute
from tests.tenants.where import ask_all, owners_address

CHANGES = int(os.environ.get("CHANGES", "60"))
ERRORS = (DatabaseError, psycopg.Error, WrongTenant, Failed)


@pytest.fixture
def elsewhere(acme_and_globex) -> Iterator[Tenant]:
    """In acme; `begin_elsewhere(globex)` runs before each change."""
    acme, globex = acme_and_globex
    with within(acme):
        yield globex
    start_anew()


def begin_elsewhere(other: Tenant) -> None:
    """The session was in another organisation, and was switched to the current one in an open transaction."""
    start_anew()
    with within(other):
        owners_address()
    connection.connection.execute("BEGIN")
    owners_address()
    execute("SAVEPOINT mark")
    with within(other):
        owners_address()
    owners_address()


def start_anew() -> None:
    """Of the driver's transaction; Django is in autocommit mode again."""
    connection.ensure_connection()
    connection.connection.rollback()
    connection.connection.autocommit = connection.autocommit = True
    connection.needs_rollback = False


def has_failed() -> bool:
    return connection.connection.info.transaction_status is TransactionStatus.INERROR


def is_here() -> bool:
    """Do schema, role and timeout agree with what is current?"""
    [(schema, role, timeout)] = ask_all(WHERE)
    expected_role = {context.LOGIN: connection.connection.info.user}.get(context.role(), context.role())
    expected_timeout = timeouts.current().statement_timeout or "0"
    return (schema, role, timeout) == (context.schema_name(), expected_role, expected_timeout)


@pytest.mark.parametrize("statement", part_each_day([*UNDOING, *SETTING]))
def test_a_statement(elsewhere, statement):
    for way in WAYS:
        begin_elsewhere(elsewhere)
        with suppress(*ERRORS):
            way(statement.format(other=elsewhere.schema_name))
        if has_failed():
            connection.connection.rollback()
        assert is_here(), way.__name__
        assert owners_address() == "owner@acme.example", way.__name__


def test_a_server_before_postgresql_18_does_not_report_the_search_path(elsewhere, monkeypatch):
    monkeypatch.setattr("tenants.backend.base.reported", lambda connection: (reported(connection)[0], None))
    for statement in (*UNDOING, *SETTING):
        begin_elsewhere(elsewhere)
        with suppress(*ERRORS):
            execute(statement.format(other=elsewhere.schema_name))
        if has_failed():
            connection.connection.rollback()
        assert is_here(), statement


@pytest.mark.parametrize("deed", part_each_day(DEEDS), ids=lambda deed: deed.__name__)
def test_the_driver(elsewhere, deed):
    for is_open in (True, False):
        begin_elsewhere(elsewhere)
        if not is_open:
            connection.connection.rollback()
        with suppress(*ERRORS):
            deed()
        connection.needs_rollback = False
        assert is_here()
        assert owners_address() == "owner@acme.example"


@pytest.mark.parametrize("statement", part_each_day(UNDOING))
@pytest.mark.parametrize("is_failed", [False, True])
def test_a_statement_after_it_in_the_same_string(elsewhere, statement, is_failed):
    """Nothing can run between two statements of a string; rows that were read elsewhere are not returned."""
    begin_elsewhere(elsewhere)
    if is_failed:
        with suppress(DatabaseError):
            execute("SELECT 1 / 0")
    with suppress(*ERRORS), connection.cursor() as cursor:
        cursor.execute(f"{statement}; SELECT email FROM profiles_user WHERE id = 1")  # noqa: S608  our own
        assert cursor.nextset()
        assert cursor.fetchall() == [("owner@acme.example",)]


def test_a_failed_transaction_is_not_ended_for_another_organisation(elsewhere):
    begin_elsewhere(elsewhere)
    with suppress(DatabaseError):
        execute("SELECT 1 / 0")
    with within(elsewhere), pytest.raises(WrongTenant, match="Send it alone"):
        execute("ROLLBACK; BEGIN; SELECT email FROM profiles_user")


@pytest.mark.parametrize("way", LATER)
def test_a_query_that_runs_later_than_it_was_named(elsewhere, way):
    LATER[way](f"SELECT set_config('role', '{elsewhere.schema_name}', false)")
    assert is_here()


def test_a_timeout_that_a_migration_sets_stays(acme):
    with within(acme), transaction.atomic(), limited("migration"):
        execute("SET LOCAL lock_timeout = '7s'")
        owners_address()
        assert ask_all("SHOW lock_timeout") == [("7s",)]


def test_ordinary_statements_cause_no_switch(acme, django_assert_num_queries):
    with within(acme), as_owner(), transaction.atomic():
        owners_address()
        with django_assert_num_queries(6):
            execute("CREATE TABLE slips (id int)")
            execute("SET CONSTRAINTS ALL IMMEDIATE")
            execute("UPDATE profiles_user SET role = role")
            execute("SAVEPOINT a")
            execute("RELEASE a")
            owners_address()


Place = Callable[[list[Tenant]], AbstractContextManager[object]]


@contextmanager
def job_in_acme(tenants: list[Tenant]) -> Iterator[None]:
    with within(tenants[0]), limited("job"):
        yield


@contextmanager
def owner_in_acme(tenants: list[Tenant]) -> Iterator[None]:
    with within(tenants[0]), as_owner():
        yield


PLACES: tuple[Place, ...] = (
    lambda tenants: within(tenants[0]),
    lambda tenants: within(tenants[1]),
    lambda _: public(),
    job_in_acme,
    owner_in_acme,
)


def look() -> None:
    """Asserts it, or PostgreSQL refuses, where a transaction has failed."""
    with suppress(DatabaseError, psycopg.Error):
        assert is_here()


def savepoint() -> None:
    execute("SAVEPOINT mark")


def begin() -> None:
    execute("BEGIN")


def without_autocommit() -> None:
    connection.connection.autocommit = connection.autocommit = False


def atomic_that_fails() -> None:
    with transaction.atomic():
        look()
        raise Failed


STATEMENTS = st.tuples(st.sampled_from(WAYS), st.sampled_from([*UNDOING, *SETTING]))
STEPS = st.one_of(
    st.sampled_from([look, begin, savepoint, without_autocommit, atomic_that_fails, *DEEDS]),
    STATEMENTS,
)


@pytest.mark.slow
@given(st.lists(st.tuples(st.integers(0, len(PLACES) - 1), STEPS), min_size=2, max_size=12))
@settings(
    max_examples=CHANGES,
    deadline=None,
    database=None,
    derandomize=CHANGES < 100,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
def test_stories(acme_and_globex, story):
    """Steps in tenants, in any order: each check succeeds, and in the end the connection works in each tenant."""
    try:
        connection.ensure_connection()
        for place, step in story:
            with PLACES[place](acme_and_globex):
                play(step, acme_and_globex[1])
                look()
        if is_open():
            start_anew()
            for place in PLACES:
                with place(acme_and_globex):
                    assert is_here()
    finally:
        if connection.connection is not None:
            connection.connection.close()
        del connections[DEFAULT_DB_ALIAS]


def is_open() -> bool:
    """Django closes a connection that it cannot roll back."""
    return connection.connection is not None and not connection.connection.closed


def play(step, other: Tenant) -> None:
    if not is_open():
        return
    with suppress(*ERRORS, transaction.TransactionManagementError):
        if callable(step):
            step()
        else:
            way, statement = step
            way(statement.format(other=other.schema_name))

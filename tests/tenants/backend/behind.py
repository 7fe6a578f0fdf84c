"""Changes of a session without the backend: by which statement, and by which way to the server."""

from collections.abc import Callable
from functools import partial
from typing import Any

from django.db import connection, transaction
from psycopg import sql

from profiles.models.profile import Profile
from tests.tenants.where import ask_all

# What takes back what was set before. "{other}" is another organisation's schema, and its role.
UNDOING = (
    "ROLLBACK",
    "rollback work",
    "/* RESET */ ROLLBACK",
    "-- not\nROLLBACK",
    "ROLLBACK AND CHAIN",
    "ROLLBACK TO mark",
    "ABORT",
    "COMMIT",
    "RESET ALL",
    "DISCARD ALL",
)
SETTING = (
    "RESET ROLE",
    "SET ROLE {other}",
    "/* a */ set /* b */ role {other}",
    "SET LOCAL ROLE {other}",
    "SET ROLE NONE",
    "RESET search_path",
    "SET search_path TO public",
    "SET LOCAL search_path TO {other}",
    "SET SCHEMA '{other}'",
    "RESET SESSION AUTHORIZATION",
    "SET SESSION AUTHORIZATION DEFAULT",
    "SELECT set_config('role', '{other}', false)",
    "SELECT Set_Config('search_path', '{other}', true) AS done",
    "DO $$ BEGIN SET ROLE {other}; END $$",
    "SELECT 1; RESET ROLE",
    "SET ROLE {other}; SELECT 1",
    "RESET ROLE; SELECT 1 / 0",
    "COMMIT; SET ROLE {other}; COMMIT; SELECT 1 / 0",
)
WHERE = "SELECT current_schema(), current_user, current_setting('statement_timeout')"


def execute(statement: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement)


def executemany(statement: str) -> None:
    with connection.cursor() as cursor:
        cursor.executemany(statement, [()])


def copy(statement: str) -> None:
    with connection.cursor() as cursor, cursor.copy(statement) as rows:
        list(rows)


def copy_out(statement: str) -> None:
    copy(f"COPY ({statement}) TO STDOUT")


def stream(statement: str) -> None:
    with connection.cursor() as cursor:
        list(cursor.stream(statement))


def chunks(statement: str) -> None:
    """By a server-side cursor, which PostgreSQL lets read only."""
    with connection.chunked_cursor() as cursor:
        cursor.execute(statement)
        cursor.fetchmany(1)


def composed(statement: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(sql.SQL("{}").format(sql.SQL(statement)))


def beneath(statement: str) -> None:
    """By the driver's cursor under Django's."""
    with connection.cursor() as cursor:
        cursor.cursor.execute(statement)


def driver(statement: str) -> None:
    connection.connection.execute(statement)


def pipeline(statement: str) -> None:
    with connection.connection.pipeline():
        connection.connection.execute(statement)


def fetched(fetch: Callable[[Any], Any], statement: str) -> None:
    """By a server-side cursor, whose query runs after another statement has been sent."""
    with transaction.atomic(), connection.chunked_cursor() as cursor:
        cursor.execute(statement)
        ask_all(WHERE)
        fetch(cursor)


def named(statement: str) -> None:
    """By the driver's own server-side cursor."""
    with transaction.atomic(), connection.connection.cursor(name="of_driver") as cursor:
        cursor.execute(statement)
        ask_all(WHERE)
        cursor.fetchall()


def declared(statement: str) -> None:
    with transaction.atomic():
        execute(f"DECLARE later CURSOR FOR {statement}")
        ask_all(WHERE)
        execute("FETCH later")


def prepared(statement: str) -> None:
    execute(f"PREPARE later AS {statement}")
    ask_all(WHERE)
    execute("EXECUTE later")
    execute("DEALLOCATE later")


# A query that PostgreSQL runs later than it was named.
LATER: dict[str, Callable[[str], None]] = {
    "fetchone": partial(fetched, lambda cursor: cursor.fetchone()),
    "fetchmany": partial(fetched, lambda cursor: cursor.fetchmany(1)),
    "fetchall": partial(fetched, lambda cursor: cursor.fetchall()),
    "iteration": partial(fetched, list),
    "scroll": partial(fetched, lambda cursor: cursor.scroll(1)),
    "named": named,
    "declared": declared,
    "prepared": prepared,
}

WAYS = (execute, executemany, copy, copy_out, stream, chunks, composed, beneath, driver, pipeline)


def drivers_rollback() -> None:
    connection.connection.rollback()


def drivers_commit() -> None:
    connection.connection.commit()


def drivers_transaction_that_fails() -> None:
    with connection.connection.transaction():
        ask_all(WHERE)
        raise Failed


def drivers_transaction_that_is_taken_back() -> None:
    with connection.connection.transaction(force_rollback=True):
        ask_all(WHERE)


def refused_commit() -> None:
    """By a deferred constraint, with autocommit off."""
    transaction.set_autocommit(False)
    try:
        Profile.objects.bulk_create([Profile(user_id=987_654)])
        transaction.commit()
    finally:
        connection.connection.autocommit = True
        connection.autocommit = True


class Failed(Exception):
    pass


DEEDS: tuple[Callable[[], Any], ...] = (
    drivers_rollback,
    drivers_commit,
    drivers_transaction_that_fails,
    drivers_transaction_that_is_taken_back,
    refused_commit,
)

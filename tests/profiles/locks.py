"""In which order transactions lock rows: the organisation's own, members, all others. Two that keep it cannot deadlock.

What is locked is read from the statements: SELECT ... FOR UPDATE, UPDATE and DELETE. Rows that the same transaction
has made do not count, since no other one sees them.
"""

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from django.db import connection

from profiles.models import User
from tenants.models import Tenant

FIRST = [Tenant._meta.db_table, User._meta.db_table]
CHANGED = re.compile(r'\s*(?:UPDATE|DELETE FROM) "(\w+)"')
MADE = re.compile(r'\s*INSERT INTO "(\w+)"')
LOCKED = re.compile(r'FROM "(\w+)".* FOR (?:NO KEY )?UPDATE(?: OF "(\w+)")?', re.DOTALL)
BEGUN, ENDED = re.compile(r"\s*SAVEPOINT"), re.compile(r"\s*RELEASE SAVEPOINT")


class Order:
    """The tables of the running transaction, in the order in which rows of them were locked."""

    def __init__(self) -> None:
        self.depth = 0
        self.locked: list[str] = []
        self.made: set[str] = set()
        self.wrong: list[str] = []

    def __call__(self, execute: Callable[..., Any], statement: Any, *arguments: Any) -> Any:
        self.note(str(statement))
        return execute(statement, *arguments)

    def note(self, statement: str) -> None:
        if BEGUN.match(statement):
            self.depth += 1
        elif ENDED.match(statement):
            self.depth -= 1
        elif made := MADE.match(statement):
            self.made.add(made[1])
        elif (table := locked_by(statement)) and self.depth:
            self.lock(table)
        if not self.depth:
            self.locked, self.made = [], set()

    def lock(self, table: str) -> None:
        if table in self.locked or table in self.made:
            return
        if late := [each for each in self.locked if place(each) > place(table)]:
            self.wrong.append(f"{table} was locked after {', '.join(late)}")
        self.locked.append(table)


def locked_by(statement: str) -> str:
    """The table, or "" if the statement locks no row."""
    if changed := CHANGED.match(statement):
        return changed[1]
    found = LOCKED.search(statement)
    return (found[2] or found[1]) if found else ""


def place(table: str) -> int:
    return FIRST.index(table) if table in FIRST else len(FIRST)


@contextmanager
def in_order() -> Iterator[None]:
    """Fails if a transaction of the block locks rows in another order. The block runs inside a test's transaction, so
    that the transactions in it are savepoints.
    """
    order = Order()
    with connection.execute_wrapper(order):
        yield
    assert order.wrong == [], "See profiles/members/changes.py for the order."

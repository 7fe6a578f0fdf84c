"""Which schema PostgreSQL is in, by its settings and by the rows that it finds."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from django.db import connection

from profiles.models import User
from tenants.models import Tenant


def ask(question: str, *parameters: Any) -> Any:
    with connection.cursor() as cursor:
        cursor.execute(question, parameters or None)
        return cursor.fetchone()[0] if cursor.description else None


def ask_all(question: str, *parameters: Any) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(question, parameters or None)
        return cursor.fetchall()


def backend() -> int:
    return int(ask("SELECT pg_backend_pid()"))


def search_path() -> str:
    return str(ask("SHOW search_path")).strip('"')


def current_user() -> str:
    return str(ask("SELECT current_user"))


def owners_address() -> str:
    """The address of the member with the primary key 1, which every organisation has."""
    return User.objects.get(pk=1).email


def address_of(tenant: Tenant) -> str:
    return f"owner@{tenant.slug}.example"


@contextmanager
def no_database() -> Iterator[None]:
    """PostgreSQL refuses this thread's next connections. For tests with their own connection."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setitem(connection.settings_dict["OPTIONS"], "options", "-c no_such_setting=1")
        connection.close()
        yield

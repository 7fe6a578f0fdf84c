"""Where PostgreSQL is, by its own word and by the rows that it finds; and what is where it is not."""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from django.db import connection

from profiles.models import User
from tenants.models import Tenant


def search_path() -> str:
    with connection.cursor() as cursor:
        cursor.execute("SHOW search_path")
        return cursor.fetchone()[0].strip('"')


def owners_address() -> str:
    """The address of the member with the primary key 1, whom every organisation has."""
    return User.objects.get(pk=1).email


def address_of(tenant: Tenant) -> str:
    return f"owner@{tenant.slug}.example"


@contextmanager
def no_database() -> Iterator[None]:
    """PostgreSQL lets this thread's next connections not in. For tests with a connection of their own."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setitem(connection.settings_dict["OPTIONS"], "options", "-c no_such_setting=1")
        connection.close()
        yield

"""Another database than the test's: a copy of the world, to which all connections lead for a while."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection, connections

from tenants.context import as_owner, public
from tenants.models import Tenant
from tenants.serving import hosts
from tenants.serving.parking import _parked


@contextmanager
def copied_database() -> Iterator[str]:
    """Its name. It is dropped afterwards, with the roles that were made in it."""
    world, before = connection.settings_dict["NAME"], schemas()
    name = f"{world}_copy"
    on_the_server(f"DROP DATABASE IF EXISTS {name}", f"CREATE DATABASE {name} TEMPLATE {world}")
    connection.settings_dict["NAME"] = name
    hosts.clear()
    try:
        yield name
    finally:
        # Roles are the server's. A role goes when nothing is left in which it has rights.
        made = schemas() - before
        connections.close_all()
        connection.settings_dict["NAME"] = world
        hosts.clear()
        # Without FORCE, for which one has to be everybody: PostgreSQL waits 5 seconds for those who are about to go.
        on_the_server(f"DROP DATABASE {name}", *(f"DROP ROLE {schema}" for schema in made))


def schemas() -> set[str]:
    with public():
        return set(Tenant.objects.values_list("schema_name", flat=True))


def on_the_server(*statements: str) -> None:
    """Between databases. None may be copied while somebody is in it, nor while a thread has left a connection there."""
    while _parked:
        _parked.pop().close()
    connections.close_all()
    with as_owner(), connection._nodb_cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)

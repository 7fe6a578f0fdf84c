"""Where PostgreSQL is, by its own word and by the rows that it finds."""

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

"""How the tests of `migrate` run it, with a later version's migrations."""

from collections.abc import Iterator
from contextlib import contextmanager
from io import StringIO
from typing import Any

from django.conf import settings
from django.contrib.contenttypes.models import ContentType
from django.core.management import call_command
from django.db import connection
from django.test import override_settings

from tenants import fingerprint
from tenants.context import as_owner, public, within
from tenants.models import Tenant
from tenants.schemas.drift import differences


@contextmanager
def later_code(profiles: str) -> Iterator[None]:
    """The code is a later version's, with these migrations of profiles."""
    try:
        with override_settings(MIGRATION_MODULES={**settings.MIGRATION_MODULES, "profiles": profiles}):
            new_code()
            yield
    finally:
        new_code()


def new_code() -> None:
    fingerprint.code_migrations.cache_clear()
    fingerprint.code_fingerprint.cache_clear()
    ContentType.objects.clear_cache()


def migrate(*words: str, **options: Any) -> str:
    out = StringIO()
    call_command("migrate", *words, stdout=out, **{"jobs": 1, **options})
    return out.getvalue()


def sql(tenant: Tenant, *statements: str) -> list[Any]:
    """What the last of these statements returns."""
    with as_owner(), within(tenant), connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)
        return cursor.fetchall() if cursor.description else []


def columns(tenant: Tenant, table: str) -> set[str]:
    with within(tenant), connection.cursor() as cursor:
        return {column.name for column in connection.introspection.get_table_description(cursor, table)}


def nicknames(tenant: Tenant) -> list[str]:
    return [row[0] for row in sql(tenant, "SELECT nickname FROM profiles_profile ORDER BY user_id")]


def all_differences() -> list[str]:
    with public():
        tenants = list(Tenant.objects.exclude(state="template"))
    return [str(each) for each in differences(tenants)]


def assert_all_equal_the_template() -> None:
    assert all_differences() == []
    with public():
        assert Tenant.objects.values("fingerprint").distinct().count() == 1

"""Rows that migrations insert into the template. New organisations get copies, so they have to be the same in all."""

from django.apps import apps
from django.db import connection

from shared.capabilities.registry import capabilities
from tenants.schemas.script import with_rows

# Rows that have to be the same in all tenants (docs/design.md, invariant 4), and Django's record of migrations.
ALWAYS = frozenset({"django_content_type", "auth_permission", "django_migrations"})


def declared() -> frozenset[str]:
    """The tables whose rows may be copied."""
    models = (apps.get_model(label) for app in capabilities() for label in app.same_rows)
    return ALWAYS | {model._meta.db_table for model in models}


def undeclared() -> list[str]:
    """The tables of the current schema that have rows but are in no app's `same_rows`."""
    with connection.cursor() as cursor:
        tables = [table.strip('"') for table, _ in with_rows(cursor)]
    return [table for table in tables if table not in declared()]

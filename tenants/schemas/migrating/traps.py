"""Warnings about a migration before it runs: problems with big tables and busy organisations."""

from collections.abc import Iterator
from typing import Any

from django.contrib.postgres.operations import AddConstraintNotValid, NotInTransactionMixin
from django.db import migrations
from django.db.migrations import Migration
from django.db.migrations.operations.base import Operation
from django.db.models import ForeignKey

from tenants.schemas.migrating.plan import draws_a_value

INDEX = (
    "writes to the table wait while the index is built. For big tables use AddIndexConcurrently, in a migration "
    "of its own with `atomic = False`."
)
CONSTRAINT = (
    "writes to the table wait while its rows are checked. For big tables use AddConstraintNotValid, and "
    "ValidateConstraint in the next migration."
)
TOGETHER = "rows and tables are changed in one transaction, which locks both until it ends. Make two migrations of it."
REFERRED = "running code cannot delete a row of {to} to which a new row points."
ONE_VALUE = "the function is called once per organisation, and all its rows get that value."
REWRITTEN = "PostgreSQL rewrites the whole table, and reads of it wait meanwhile."


def traps(migration: Migration) -> Iterator[str]:
    """Warnings about a migration, as sentences; none if there are no problems."""
    new = {each.name_lower for each in migration.operations if isinstance(each, migrations.CreateModel)}
    schema = [each for each in migration.operations if not isinstance(each, migrations.RunPython)]
    if migration.atomic and schema and len(schema) < len(migration.operations):
        yield f"{migration}: {TOGETHER}"
    for operation in migration.operations:
        if getattr(operation, "model_name_lower", "") not in new and (trap := of_operation(operation)):
            yield f"{migration}: {operation.describe()}: {trap}"


def of_operation(operation: Operation) -> str:
    if isinstance(operation, migrations.AddIndex | migrations.AddConstraint):
        apart = isinstance(operation, NotInTransactionMixin | AddConstraintNotValid)
        return "" if apart else INDEX if isinstance(operation, migrations.AddIndex) else CONSTRAINT
    if getattr(getattr(operation, "field", None), "db_persist", False):  # of a GeneratedField
        return REWRITTEN
    if draws_a_value(operation):
        return ONE_VALUE
    keys = ", ".join(sorted({str(key.remote_field.model) for key in new_keys(operation)}))
    return REFERRED.format(to=keys) if keys else ""


def new_keys(operation: Operation) -> list[Any]:
    """The foreign keys that an operation adds to the database."""
    fields: list[Any] = []
    if isinstance(operation, migrations.CreateModel):
        fields = [field for _, field in operation.fields]
    elif isinstance(operation, migrations.AddField):
        fields = [operation.field]
    return [field for field in fields if isinstance(field, ForeignKey) and getattr(field, "db_constraint", True)]

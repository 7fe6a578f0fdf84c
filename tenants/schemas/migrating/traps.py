"""Warnings about a migration before it runs: problems with big tables and busy organisations."""

from collections.abc import Iterable, Iterator
from typing import Any

from django.contrib.postgres.functions import RandomUUID
from django.contrib.postgres.operations import AddConstraintNotValid, NotInTransactionMixin
from django.db import migrations
from django.db.migrations import Migration
from django.db.migrations.operations.base import Operation
from django.db.models import ForeignKey
from django.db.models.functions import Random

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
TWICE = (
    "the function is called once per organisation, and no two rows may have the value: this fails where there are two. "
    "Add it with `null=True`, fill it by RunPython, and make it unique in the next migration."
)
REWRITTEN = "PostgreSQL rewrites the whole table, and reads of it wait meanwhile."


def traps(migration: Migration) -> Iterator[str]:
    """Warnings about a migration, as sentences; none if there are no problems."""
    operations = list(on_the_database(migration.operations))
    new = {each.name_lower for each in operations if isinstance(each, migrations.CreateModel)}
    schema = [each for each in operations if not isinstance(each, migrations.RunPython)]
    if migration.atomic and schema and len(schema) < len(operations):
        yield f"{migration}: {TOGETHER}"
    for operation in operations:
        if getattr(operation, "model_name_lower", "") not in new and (trap := of_operation(operation)):
            yield f"{migration}: {operation.describe()}: {trap}"


def on_the_database(operations: Iterable[Operation]) -> Iterator[Operation]:
    """Each operation that changes the database, also those inside SeparateDatabaseAndState."""
    for operation in operations:
        if isinstance(operation, migrations.SeparateDatabaseAndState):
            yield from on_the_database(operation.database_operations)
        else:
            yield operation


def of_operation(operation: Operation) -> str:
    if isinstance(operation, migrations.AddIndex | migrations.AddConstraint):
        apart = isinstance(operation, NotInTransactionMixin | AddConstraintNotValid)
        return "" if apart else INDEX if isinstance(operation, migrations.AddIndex) else CONSTRAINT
    field = getattr(operation, "field", None)
    if getattr(field, "db_persist", False) or isinstance(getattr(field, "db_default", None), RandomUUID | Random):
        return REWRITTEN  # For a GeneratedField, or for a value of its own in each row.
    if draws_a_value(operation):
        return TWICE if getattr(field, "unique", False) else ONE_VALUE
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

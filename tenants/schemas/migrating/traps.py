"""What goes wrong with big tables and busy organisations, and can be seen in a migration before it runs."""

from collections.abc import Iterator
from typing import Any

from django.contrib.postgres.operations import AddConstraintNotValid, NotInTransactionMixin
from django.db import migrations
from django.db.migrations import Migration
from django.db.migrations.operations.base import Operation
from django.db.models import ForeignKey

from tenants.schemas.migrating.plan import draws_a_value

INDEX = (
    "nothing can be written to the table while the index is built. For big ones: AddIndexConcurrently, in a migration "
    "of its own with `atomic = False`."
)
CONSTRAINT = (
    "nothing can be written to the table while its rows are looked at. For big ones: AddConstraintNotValid, and "
    "ValidateConstraint in the migration after that."
)
TOGETHER = "rows and tables are changed in one transaction, which locks both until it ends. Make two migrations of it."
REFERRED = "code that runs now cannot delete a row of {to} to which a new row points."
ONE_VALUE = "the function is called once for each organisation, and all its rows get that value."
REWRITTEN = "PostgreSQL writes the whole table anew, and nothing can read it meanwhile."


def traps(migration: Migration) -> Iterator[str]:
    """Sentences about a migration; none if there is nothing to be said."""
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
    """Foreign keys that it adds, as PostgreSQL knows them."""
    fields: list[Any] = []
    if isinstance(operation, migrations.CreateModel):
        fields = [field for _, field in operation.fields]
    elif isinstance(operation, migrations.AddField):
        fields = [operation.field]
    return [field for field in fields if isinstance(field, ForeignKey) and getattr(field, "db_constraint", True)]

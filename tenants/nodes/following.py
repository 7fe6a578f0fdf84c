"""What placed organisations cannot follow, said by `migrate --plan` before anything is changed."""

import re
from collections.abc import Iterator

import sqlparse
from django.db import migrations
from django.db.migrations import Migration
from django.db.migrations.operations.base import Operation
from django.db.models import AutoField

from tenants.nodes.placed import places

IDENTITY = "Citus cannot change a column that numbers its rows. Add another column, or bring them back first (--home)."
RENAMED = "Citus cannot rename a constraint. Drop it, and add it with the other name."
SEVERAL = "Citus takes one command at a time. Give RunSQL a list of them."
ALTERED = "Citus cannot alter a constraint. Drop it, and add it anew."
TOGETHER = (
    "rows and tables are changed in one transaction. On a node this fails if the rows have foreign keys. Make two "
    "migrations of it."
)
IN_SQL = {r"\bIDENTITY\b": IDENTITY, r"\bRENAME\s+CONSTRAINT\b": RENAMED, r"\bALTER\s+CONSTRAINT\b": ALTERED}


def cannot_follow(migration: Migration) -> Iterator[str]:
    """Sentences, if any organisation is placed; none if all of them can follow."""
    if not places():
        return
    runs = [each for each in migration.operations if isinstance(each, migrations.RunPython | migrations.RunSQL)]
    if migration.atomic and runs and len(runs) < len(migration.operations):
        yield f"{migration}, of placed organisations: {TOGETHER}"
    for operation in migration.operations:
        for reason in reasons(operation):
            yield f"{migration}, of placed organisations: {operation.describe()}: {reason}"


def reasons(operation: Operation) -> Iterator[str]:
    if isinstance(operation, migrations.SeparateDatabaseAndState):
        for each in operation.database_operations:
            yield from reasons(each)
    if isinstance(operation, migrations.AlterField) and isinstance(operation.field, AutoField):
        yield IDENTITY
    if isinstance(operation, migrations.RunSQL):
        sql = str(operation.sql)
        if isinstance(operation.sql, str) and len(sqlparse.split(sql)) > 1:
            yield SEVERAL
        yield from (reason for pattern, reason in IN_SQL.items() if re.search(pattern, sql, re.IGNORECASE))

"""The report of the last `migrate` that changed organisations, which is stored in `public` for operators."""

import json
from collections.abc import Sequence
from typing import Any

from django.conf import settings
from django.db import connection
from django.utils import timezone
from django.utils.dateparse import parse_datetime

from tenants.context import public
from tenants.schemas.migrating.report import ROWS, as_row
from tenants.schemas.migrating.run import Outcome

STORE = """
INSERT INTO tenants_last_migrate (report) VALUES (%s) ON CONFLICT (only_row) DO UPDATE SET report = EXCLUDED.report
"""


def store(outcomes: Sequence[Outcome], seconds: float) -> None:
    failed = [outcome for outcome in outcomes if outcome.error]
    report = {
        "at": timezone.now().isoformat(),
        "release": settings.RELEASE,
        "seconds": round(seconds, 1),
        "done": len(outcomes) - len(failed),
        "failed": len(failed),
        "differed": sum(outcome.differed for outcome in outcomes),
        "migrations": sorted({name for outcome in outcomes for name in as_row(outcome)["migrations"]}),
        "faults": [fault(outcome) for outcome in failed[:ROWS]],
    }
    with public(), connection.cursor() as cursor:
        cursor.execute(STORE, [json.dumps(report)])


def fault(outcome: Outcome) -> dict[str, str]:
    """The kind of error, with the names of table and constraint. Its message may have a member's values, and is not
    for `public`.
    """
    error = outcome.error and (outcome.error.__cause__ or outcome.error)
    details = getattr(error, "diag", None)
    names = [getattr(details, name, None) for name in ("table_name", "column_name", "constraint_name")]
    return {"schema": outcome.tenant.schema_name, "error": " ".join(filter(None, [type(error).__name__, *names]))}


def last_migrate() -> dict[str, Any] | None:
    """None if none has changed an organisation yet."""
    with public(), connection.cursor() as cursor:
        cursor.execute("SELECT report FROM tenants_last_migrate")
        row = cursor.fetchone()
    if row is None:
        return None
    report = json.loads(row[0]) if isinstance(row[0], str) else row[0]
    return {**report, "at": parse_datetime(report["at"])}

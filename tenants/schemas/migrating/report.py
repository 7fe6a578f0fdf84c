"""The progress and the final report of `migrate`: for people, for logs, for programs."""

import json
import sys
from threading import Lock
from typing import TYPE_CHECKING, Never, TypedDict

from django.core.management.base import OutputWrapper

from tenants.schemas.migrating.run import Outcome

if TYPE_CHECKING:
    from tqdm import tqdm

# Rows in the final table.
ROWS = 20
# Without a terminal: one line of progress for so many organisations.
LINE_EVERY = 100
WIDEST = 120
DIFFERED = "The recorded SQL failed here, so Django migrated it separately: `manage.py check_schemas` shows why."

# `from` and `to` have the last migration of each affected app, as `migrate` accepts it; None if unknown. For a failed
# organisation, `from` is its present state. In `migrations`, "-" marks those that are reversed.
Row = TypedDict(
    "Row",
    {
        "organisation": str,
        "schema": str,
        "from": dict[str, str] | None,
        "to": dict[str, str] | None,
        "migrations": list[str],
        "seconds": float,
        "error": str | None,
        "note": str | None,
    },
)


class Report:
    """Collects every outcome, from any thread. `form` is "text" or "json"."""

    def __init__(self, total: int, out: OutputWrapper, *, form: str = "text", quiet: bool = False) -> None:
        self.outcomes: list[Outcome] = []
        self._lock, self._total, self._out, self._form, self._quiet = Lock(), total, out, form, quiet or total == 0
        show = form == "text" and not self._quiet and sys.stderr.isatty()
        self._bar = bar(total) if show else None

    def hear(self, outcome: Outcome) -> None:
        with self._lock:
            self.outcomes.append(outcome)
            done = len(self.outcomes)
            if self._bar:
                self._bar.update()
            elif self._form == "text" and not self._quiet and (done % LINE_EVERY == 0 or done == self._total):
                self._out.write(f"  {done} of {self._total} organisations")

    @property
    def failed(self) -> list[Outcome]:
        return [outcome for outcome in self.outcomes if outcome.error]

    def close(self) -> str:
        """End the progress bar, and return the report: failed organisations, and those whose schema differed."""
        if self._bar:
            self._bar.close()
        if self._form == "json":
            self._out.write(json.dumps([as_row(outcome) for outcome in self.outcomes]))
            return ""
        rows = [as_row(outcome) for outcome in self.outcomes if outcome.error or outcome.differed]
        more = f"\n… and {len(rows) - ROWS} more; --format json lists them all." if len(rows) > ROWS else ""
        return table([as_cells(row) for row in rows[:ROWS]]) + more if rows else ""


def bar(total: int) -> "tqdm[Never]":
    from tqdm import tqdm  # Imported here, so that a `migrate` with nothing to do does not load it.

    return tqdm(total=total, unit=" organisations")


def as_row(outcome: Outcome) -> Row:
    """One organisation in the report."""
    before: dict[str, str] = {}
    after: dict[str, str] = {}
    for step in outcome.left if outcome.error else outcome.steps:
        before = step.before | before
        after |= step.after
    moves = [move for step in outcome.steps for move in step.moves]
    return {
        "organisation": outcome.tenant.slug or outcome.tenant.state,
        "schema": outcome.tenant.schema_name,
        "from": before if outcome.steps else None,
        "to": after if outcome.steps else None,
        "migrations": [f"{'-' if move.backwards else ''}{move.migration}" for move in moves],
        "seconds": round(outcome.seconds, 3),
        "error": str(outcome.error).strip() or repr(outcome.error) if outcome.error else None,
        "note": DIFFERED if outcome.differed else None,
    }


def as_cells(row: Row) -> dict[str, str]:
    return {
        "organisation": f"{row['organisation']} ({row['schema']})",
        "from": joined(row["from"]),
        "to": joined(row["to"]),
        "seconds": f"{row['seconds']:.3f}",
        "error": row["error"] or "",
        "note": row["note"] or "",
    }


def joined(apps: dict[str, str] | None) -> str:
    return "?" if apps is None else ", ".join(f"{app}.{name}" for app, name in apps.items())


def table(rows: list[dict[str, str]]) -> str:
    """Rows as aligned columns with a header. Long values are cut, and empty columns are left out."""
    names = [name for name in rows[0] if any(row[name] for row in rows)]
    cells = [names] + [[short(row[name]) for name in names] for row in rows]
    widths = [max(len(line[column]) for line in cells) for column in range(len(names))]
    lines = ("  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)) for line in cells)
    return "\n".join(line.rstrip() for line in lines)


def short(text: str) -> str:
    text = " ".join(text.split())
    return text if len(text) <= WIDEST else f"{text[: WIDEST - 1]}…"

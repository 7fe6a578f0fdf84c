"""What `migrate` tells while it brings tenants up, and in the end: for people, for logs, for machines."""

import json
import sys
from threading import Lock

from django.core.management.base import OutputWrapper
from tqdm import tqdm

from tenants.migrating.run import Outcome

# How many organisations the table names.
ROWS = 20
# Without a terminal: a line for each so many organisations.
LINE_EVERY = 100


class Report:
    """Hears every outcome, from any thread. `form` is "text" or "json"."""

    def __init__(self, total: int, out: OutputWrapper, *, form: str = "text", quiet: bool = False) -> None:
        self.outcomes: list[Outcome] = []
        self._lock, self._total, self._out, self._form, self._quiet = Lock(), total, out, form, quiet or total == 0
        show = form == "text" and not self._quiet and sys.stderr.isatty()
        self._bar = tqdm(total=total, unit=" organisations", disable=not show)

    def hear(self, outcome: Outcome) -> None:
        with self._lock:
            self.outcomes.append(outcome)
            self._bar.update()
            done = len(self.outcomes)
            plain = self._bar.disable and self._form == "text" and not self._quiet
            if plain and (done % LINE_EVERY == 0 or done == self._total):
                self._out.write(f"  {done} of {self._total} organisations")

    @property
    def failed(self) -> list[Outcome]:
        return [outcome for outcome in self.outcomes if outcome.error]

    def close(self) -> str:
        """End the progress, and return what is worth knowing: who failed, and whose schema was not like the others'."""
        self._bar.close()
        if self._form == "json":
            self._out.write(json.dumps([as_row(outcome) for outcome in self.outcomes]))
            return ""
        rows = [as_row(outcome) for outcome in self.outcomes if outcome.error or outcome.differed]
        more = f"\n… and {len(rows) - ROWS} more; --format json lists them all." if len(rows) > ROWS else ""
        return table(rows[:ROWS]) + more if rows else ""


def as_row(outcome: Outcome) -> dict[str, str | float | None]:
    """One organisation in the report."""
    moves = [move for step in outcome.steps for move in step.moves]
    note = "its schema differs: run check_schemas" if outcome.differed else None
    return {
        "organisation": outcome.tenant.slug or outcome.tenant.state,
        "schema": outcome.tenant.schema_name,
        "migrations": ", ".join(f"{'-' if move.backwards else ''}{move.migration}" for move in moves) or None,
        "seconds": round(outcome.seconds, 3),
        "error": str(outcome.error).strip() if outcome.error else note,
    }


def table(rows: list[dict[str, str | float | None]]) -> str:
    """Rows as aligned columns under their names; a long list of migrations is cut."""
    cells = [list(rows[0])] + [[short(value) for value in row.values()] for row in rows]
    widths = [max(len(line[column]) for line in cells) for column in range(len(cells[0]))]
    lines = ("  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)) for line in cells)
    return "\n".join(line.rstrip() for line in lines)


def short(value: str | float | None) -> str:
    text = "" if value is None else " ".join(str(value).split())
    return text if len(text) <= 120 else text[:119] + "…"

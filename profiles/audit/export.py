"""The audit log as a file, streamed: only one part at a time is in memory."""

import json
from collections.abc import Callable, Iterator
from typing import Any

from profiles.audit.models import Entry, EntryQuerySet
from shared.csv_cells import MARK, csv_lines
from shared.keyset import keyset_parts

PART = 500
ACTOR = ["actor", "actor_id", "actor_name", "via"]
COLUMNS = ["at", "kind", *ACTOR, "about", "changes", "address", "user_agent", "request"]


def as_csv(entries: EntryQuerySet) -> Iterator[bytes]:
    """For spreadsheets: UTF-8 with a byte order mark."""
    yield MARK + csv_lines([COLUMNS])
    for part in keyset_parts(entries, PART):
        yield csv_lines([as_text(value) for value in facts(entry).values()] for entry in part)


def as_json_lines(entries: EntryQuerySet) -> Iterator[bytes]:
    """One JSON object on each line. https://jsonlines.org"""
    for part in keyset_parts(entries, PART):
        yield "".join(f"{json.dumps(facts(entry), ensure_ascii=False)}\n" for entry in part).encode()


FORMATS: dict[str, tuple[str, Callable[[EntryQuerySet], Iterator[bytes]]]] = {
    "csv": ("text/csv; charset=utf-8", as_csv),
    "jsonl": ("application/jsonl; charset=utf-8", as_json_lines),
}


def facts(entry: Entry) -> dict[str, Any]:
    """An entry as it is stored, for programs: not translated."""
    values = {name: getattr(entry, name) for name in COLUMNS}
    return values | {"at": entry.at.isoformat()}


def as_text(value: Any) -> Any:
    """Lists and dicts as JSON."""
    return json.dumps(value, ensure_ascii=False) if isinstance(value, list | dict) else value

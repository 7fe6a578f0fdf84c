"""The audit log as a file, part by part: however long it is, one part at a time is in memory."""

import json
from collections.abc import Callable, Iterator
from typing import Any

from profiles.audit.models import Entry, EntryQuerySet
from shared.keyset import Keys
from shared.spreadsheets import MARK, csv_lines

PART = 500
ACTOR = ["actor", "actor_id", "actor_name", "via"]
COLUMNS = ["at", "kind", *ACTOR, "about", "changes", "address", "user_agent", "request"]


def parts(entries: EntryQuerySet) -> Iterator[list[Entry]]:
    """All entries, newest first. Each part begins beside the last row of the one before: no cursor is held."""
    keys = Keys(entries)
    found = list(entries[:PART])
    while found:
        yield found
        place = keys.place(keys.text(found[-1]))
        found = list(entries.filter(keys.beyond(place, backwards=False))[:PART])


def as_csv(entries: EntryQuerySet) -> Iterator[bytes]:
    """For spreadsheets: UTF-8 with a mark by which they know it."""
    yield MARK + csv_lines([COLUMNS])
    for part in parts(entries):
        yield csv_lines([[cell(value) for value in facts(entry).values()] for entry in part])


def as_json_lines(entries: EntryQuerySet) -> Iterator[bytes]:
    """One JSON object on each line. https://jsonlines.org"""
    for part in parts(entries):
        yield "".join(f"{json.dumps(facts(entry), ensure_ascii=False)}\n" for entry in part).encode()


FORMATS: dict[str, tuple[str, Callable[[EntryQuerySet], Iterator[bytes]]]] = {
    "csv": ("text/csv; charset=utf-8", as_csv),
    "jsonl": ("application/jsonl; charset=utf-8", as_json_lines),
}


def facts(entry: Entry) -> dict[str, Any]:
    """An entry as it is stored: a program reads it, in no language."""
    values = {name: getattr(entry, name) for name in COLUMNS}
    return values | {"at": entry.at.isoformat()}


def cell(value: Any) -> str:
    if isinstance(value, list | dict):
        value = json.dumps(value, ensure_ascii=False)
    return "" if value is None else str(value)

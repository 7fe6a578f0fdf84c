"""Rows, files and models in words, for the pages about a sandbox."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import ForeignKey, Model
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext

from profiles.backups.choosing import Choice, Pair
from profiles.backups.comparing import Change, changed_columns, compare, files_of, rows_of
from profiles.backups.models import Sandbox
from profiles.backups.names import FILES, name_of
from profiles.exports.tables import Table
from shared.capabilities.registry import row_words
from tenants.context import within
from tenants.models import Tenant

# What has happened since, and what taking over does about it.
KINDS = {
    "gone": (_("Deleted since"), _("They come back.")),
    "changed": (_("Changed since"), _("They are as they were. Passwords and other secrets stay.")),
    "added": (_("Added since"), _("They are deleted.")),
}
DONE = {"back": _("as in the sandbox"), "away": _("deleted")}


@dataclass(frozen=True)
class Group:
    """What has happened to them, what would be done, how many there are, and the first of them: key, words, note."""

    title: Any
    consequence: Any
    number: int
    rows: list[tuple[str, str, str]]


def lines_about(sandbox: Sandbox, address_of: Callable[[str], str]) -> list[tuple[str, Change, str]]:
    """The name of each model with differences that can be taken over, these, and the address of its rows.

    Files are not read.
    """
    chosen = {*Pair(sandbox).tables, FILES}
    changes = compare(sandbox.of, sandbox.tenant, reads_files=False)
    return [(name_of(each.what), each, address_of(each.what)) for each in changes if each.what in chosen]


def lines_of(choice: Choice) -> list[tuple[str, Any, int]]:
    return [(name_of(label), DONE[word], number) for label, word, number in choice.lines()]


def groups_of(pair: Pair, what: str) -> list[Group]:
    change = files_of(pair.present, pair.past, reads=False) if what == FILES else of_model(pair, what)
    return [
        Group(title, consequence, getattr(change, kind), rows_in(pair, what, kind, change.keys[kind]))
        for kind, (title, consequence) in KINDS.items()
        if kind in change.keys
    ]


def of_model(pair: Pair, what: str) -> Change:
    [change] = rows_of([pair.tables[what]], pair.present, pair.past)
    return change


def rows_in(pair: Pair, what: str, kind: str, keys: list[str]) -> list[tuple[str, str, str]]:
    if what == FILES:
        return [(name, name, "") for name in keys]
    table = pair.tables[what]
    words = words_for(pair.present if kind == "added" else pair.past, table, keys)
    notes = changed_columns(table, pair.present, pair.past, keys) if kind == "changed" else {}
    return [(key, words.get(key, key), note(table, notes.get(key, []))) for key in keys]


def words_for(tenant: Tenant, table: Table, keys: list[str]) -> dict[str, str]:
    """Each row in words, by key."""
    model, parts = table.model, [key.split(",") for key in keys]
    fields = model._meta.pk_fields
    values: list[Any] = [tuple(each) if len(fields) > 1 else ",".join(each) for each in parts]
    with within(tenant):
        rows = list(model._base_manager.select_related(*paths(model)).filter(pk__in=values))
        return {",".join(str(getattr(row, each.attname)) for each in fields): words_of(row) for row in rows}


def paths(model: type[Model]) -> Iterator[str]:
    """What words_of() follows from here."""
    names = row_words().get(model._meta.label, ())
    for each in model._meta.local_concrete_fields:
        if each.name in names and isinstance(each, ForeignKey):
            yield each.name
            yield from (f"{each.name}__{path}" for path in paths(each.remote_field.model))


def words_of(row: Model) -> str:
    """By what people recognise it (row_words), without repetition."""
    label = row._meta.label
    if label not in row_words():
        return str(row)
    words = dict.fromkeys(words_in(row, name) for name in row_words()[label])
    return " · ".join(filter(None, words)) or name_of(label)


def words_in(row: Model, name: str) -> str:
    value = getattr(row, name)
    if isinstance(value, Model):
        return words_of(value)
    if isinstance(value, datetime):
        return date_format(localtime(value), "SHORT_DATETIME_FORMAT")
    choice = getattr(row, f"get_{name}_display", None)
    return str(choice() if choice else value or "")


def note(table: Table, columns: list[str]) -> str:
    """The fields that have changed, in words, as on forms; without those that the product computes from others."""
    fields = {each.column: each for each in table.model._meta.local_concrete_fields}
    shown = [fields[column] for column in columns if column in fields]
    names = [str(each.verbose_name) for each in shown if each.editable and not each.generated]
    if columns and not names:
        return str(_("only what follows from other fields"))
    return pgettext("between the fields of a list", ", ").join(names)

"""Which rows and files of a sandbox are taken over, and which go with them: completed()."""

from collections import defaultdict, deque
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property
from posixpath import normpath
from typing import Any

from django.core.exceptions import SuspiciousFileOperation
from django.core.files.storage import default_storage
from django.db import connection
from django.db.models import CASCADE, FileField, OneToOneField
from django.utils.translation import gettext as _

from profiles.backups.comparing import in_schema
from profiles.backups.errors import CannotRestore
from profiles.backups.models import Sandbox
from profiles.backups.names import name_of
from profiles.exports.exporting import FOLDER
from profiles.exports.mine import files_named
from profiles.exports.tables import Table, tables
from tenants.append_only import tables as append_only
from tenants.context import as_owner, public, within

Keys = dict[str, set[str]]  # by the label of a model


@dataclass
class Choice:
    """`back` is written as the sandbox has it. `away` is deleted: it has been added since."""

    back: Keys = field(default_factory=lambda: defaultdict(set))
    away: Keys = field(default_factory=dict)
    files_back: set[str] = field(default_factory=set)
    files_away: set[str] = field(default_factory=set)

    def lines(self) -> Iterator[tuple[str, str, int]]:
        """Label of the model, or "files"; "back" or "away"; how many."""
        for word, found in (("away", self.away), ("back", self.back)):
            yield from ((label, word, len(keys)) for label, keys in sorted(found.items()) if keys)
        for word, names in (("away", self.files_away), ("back", self.files_back)):
            yield from [("files", word, len(names))] if names else []


class Pair:
    """An organisation and its sandbox: their tables, except secret ones and those to which rows are only added."""

    def __init__(self, sandbox: Sandbox) -> None:
        self.present, self.past = sandbox.of, sandbox.tenant

    @cached_property
    def tables(self) -> dict[str, Table]:
        kept = set(append_only())
        with within(self.past):
            found = tables()
        return {each.label: each for each in found if not each.is_secret and each.model._meta.db_table not in kept}

    def table(self, label: str) -> Table:
        """Raises CannotRestore for a model whose rows are not taken over."""
        if label not in self.tables:
            raise CannotRestore(_("%(what)s cannot be taken over one by one.") % {"what": name_of(label)})
        return self.tables[label]


def completed(pair: Pair, rows: Keys, files: set[str]) -> Choice:
    """What was chosen, and what goes with it.

    A row that is written needs the rows that its foreign keys name. With a row that had been deleted come those that
    were deleted with it; with one that comes along only because another one needs it, its one-to-one rows alone.
    Raises CannotRestore for what is in neither of the two, and for a need that is not taken over.
    """
    choice, whole = Choice(), defaultdict[str, set[str]](set)
    waiting: deque[tuple[str, set[str], bool]] = deque()
    with public(), as_owner(), connection.cursor() as cursor:
        search = Search(pair, cursor)
        for label, keys in rows.items():
            there = search.there(pair.past, pair.table(label), keys)
            if unknown := keys - there - search.there(pair.present, pair.table(label), keys):
                raise CannotRestore(
                    _("%(what)s: number %(key)s is neither here nor in the sandbox.")
                    % {"what": name_of(label), "key": min(unknown)}
                )
            choice.away[label] = keys - there
            waiting.append((label, there, True))
        while waiting:
            label, keys, is_whole = waiting.popleft()
            new = keys - (whole if is_whole else choice.back)[label]
            if not new:
                continue
            choice.back[label] |= new
            whole[label] |= new if is_whole else set()
            table = pair.table(label)
            waiting += [(*need, False) for need in search.needs(table, new)]
            gone = new - search.there(pair.present, table, new)
            waiting += [(*child, is_whole) for child in search.deleted_with(table, gone, all_of_them=is_whole)]
        named = set(search.file_names(choice.back))
    add_files(pair, choice, files, named)
    return choice


def add_files(pair: Pair, choice: Choice, files: set[str], named: set[tuple[str, str]]) -> None:
    """The chosen files, and those that the rows name and the organisation no longer has."""
    with within(pair.past):
        choice.files_back = set(filter(is_there, files))
        wanted = {file for label, name in named for file in files_named(pair.tables[label].model, name)}
        wanted = set(filter(is_there, wanted))
    choice.files_away = files - choice.files_back
    with within(pair.present):
        if unknown := [name for name in sorted(choice.files_away) if not is_there(name)]:
            raise CannotRestore(_("The file %(name)s is neither here nor in the sandbox.") % {"name": unknown[0]})
        choice.files_back |= {name for name in wanted if not is_there(name)}


def is_there(name: str) -> bool:
    """Is it one of the current organisation's files? Exports are not, and neither is what lies in another folder."""
    try:
        return normpath(name) == name and not name.startswith(f"{FOLDER}/") and default_storage.exists(name)
    except SuspiciousFileOperation:
        return False


class Search:
    """Statements about rows of both, by their keys as text."""

    def __init__(self, pair: Pair, cursor: Any) -> None:
        self.pair, self.cursor = pair, cursor

    def there(self, tenant: Any, table: Table, keys: set[str]) -> set[str]:
        key = key_of("t", table)
        return self.found(f"SELECT {key} FROM {in_schema(tenant, table)} t WHERE {key} = ANY(%s)", keys)  # noqa: S608  our names

    def needs(self, table: Table, keys: set[str]) -> Iterator[tuple[str, set[str]]]:
        """Rows that these rows name, and that the organisation no longer has. Raises CannotRestore."""
        for each in foreign_keys(table):
            label = each.remote_field.model._meta.label
            target = self.pair.tables.get(label) or unlisted(label, self.pair)
            if target is None:
                continue  # Content types and permissions are the same in both.
            missing = self.found(
                f"SELECT {key_of('m', target)} FROM {in_schema(self.pair.past, target)} m"  # noqa: S608  our own names
                f" WHERE m.{quoted(each.target_field)} IN ({self.values(each, table)}) AND {self.is_gone('m', target)}",
                keys,
            )
            if missing and label not in self.pair.tables:
                raise CannotRestore(
                    _("%(what)s cannot be taken over without %(needed)s, which cannot be taken over one by one.")
                    % {"what": name_of(table.label), "needed": name_of(label)}
                )
            yield label, missing

    def deleted_with(self, table: Table, keys: set[str], *, all_of_them: bool) -> Iterator[tuple[str, set[str]]]:
        """Rows that were deleted because these rows were."""
        for child in self.pair.tables.values():
            for each in foreign_keys(child):
                is_of = each.remote_field.model is table.model and each.remote_field.on_delete is CASCADE
                if keys and is_of and (all_of_them or isinstance(each, OneToOneField)):
                    column = connection.ops.quote_name(str(each.target_field.column))
                    yield (
                        child.label,
                        self.found(
                            f"SELECT {key_of('m', child)} FROM {in_schema(self.pair.past, child)} m"  # noqa: S608  our own names
                            f" WHERE m.{quoted(each)} IN (SELECT t.{column} FROM {in_schema(self.pair.past, table)} t"
                            f" WHERE {key_of('t', table)} = ANY(%s)) AND {self.is_gone('m', child)}",
                            keys,
                        ),
                    )

    def file_names(self, back: Keys) -> Iterator[tuple[str, str]]:
        """Each value of a file field in these rows, after its model's label."""
        for label, keys in back.items():
            table = self.pair.tables[label]
            for each in table.model._meta.local_concrete_fields:
                if isinstance(each, FileField):
                    yield from ((label, name) for name in self.found(self.values(each, table), keys) if name)

    def values(self, each: Any, table: Table) -> str:
        place = in_schema(self.pair.past, table)
        return f"SELECT t.{quoted(each)} FROM {place} t WHERE {key_of('t', table)} = ANY(%s)"  # noqa: S608  our own names

    def is_gone(self, alias: str, table: Table) -> str:
        place = in_schema(self.pair.present, table)
        return f"NOT EXISTS (SELECT FROM {place} n WHERE {key_of('n', table)} = {key_of(alias, table)})"

    def found(self, query: str, keys: set[str]) -> set[str]:
        self.cursor.execute(query, [sorted(keys)])
        return {value for (value,) in self.cursor.fetchall()}


def unlisted(label: str, pair: Pair) -> Table | None:
    """A table whose rows are not taken over; None if it has none of the organisation's."""
    with within(pair.past):
        return next((table for table in tables() if table.label == label), None)


def foreign_keys(table: Table) -> list[Any]:
    return [each for each in table.model._meta.local_concrete_fields if each.remote_field]


def quoted(each: Any) -> str:
    return connection.ops.quote_name(str(each.column))


def key_of(alias: str, table: Table) -> str:
    names = ", ".join(f"{alias}.{quoted(each)}" for each in table.model._meta.pk_fields)
    return f"concat_ws(',', {names})"

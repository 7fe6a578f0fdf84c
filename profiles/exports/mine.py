"""write(): a zip with all data about one member."""

import json
from collections.abc import Iterator
from typing import IO, Any
from zipfile import ZIP_DEFLATED, ZipFile

from django.core.files.storage import default_storage
from django.db import connection
from django.db.models import EmailField, FileField, Model

from profiles.exports.tables import Table, tables
from profiles.models import Profile, User
from shared.capabilities.base import MENTIONS_ME, MINE
from shared.capabilities.registry import exports
from tenants.context import required
from tenants.storage import files_below

AnyField = Any  # of a model; Django's class has no parameters at run time


def points_to_person(field: AnyField) -> bool:
    """Whether this field identifies the member that a row is about, by a key or an email address."""
    return is_key(field) or isinstance(field, EmailField)


def is_key(field: AnyField) -> bool:
    return bool(field.remote_field) and field.remote_field.model in (User, Profile)


def word_for(field: AnyField) -> str | None:
    """The app's word for rows that point to a member by this field; None if it has none."""
    return exports().get(f"{field.model._meta.label}.{field.name}")


def without_word() -> list[str]:
    """The fields that identify the member of a row, and for which no app has a word.

    An address beside a key needs no word. A secret model needs none at all.
    """
    return [
        f"{table.label}.{field.name}"
        for table in tables()
        if not table.is_secret
        for field in pointers(table.model)
        if word_for(field) is None
    ]


def pointers(model: type[Model]) -> list[AnyField]:
    """The keys to members; without any, the addresses."""
    fields: list[AnyField] = list(model._meta.local_concrete_fields)
    if model is User:
        return []
    return [field for field in fields if is_key(field)] or [field for field in fields if isinstance(field, EmailField)]


def write(member: User, out: IO[bytes]) -> None:
    """Write a zip: `data.json` with the member's rows, and their files."""
    with ZipFile(out, "w", ZIP_DEFLATED) as package:
        rows = {table.label: found for table in tables() if (found := rows_about(member, table, MINE))}
        mentioned = {
            table.label: [only_key(table, row) for row in found]
            for table in tables()
            if (found := rows_about(member, table, MENTIONS_ME))
        }
        told = {"organisation": required().name, "member": member.username, "mine": rows, "mentions_me": mentioned}
        package.writestr("data.json", json.dumps(told, indent=2, ensure_ascii=False))
        for name in files_of(member):
            with default_storage.open(name) as file, package.open(f"files/{name}", "w") as entry:
                for piece in file.chunks():
                    entry.write(piece)


def rows_about(member: User, table: Table, word: str) -> list[dict[str, Any]]:
    conditions, values = [], []
    for field, value in pointing(member, table.model, word):
        conditions.append(f"t.{connection.ops.quote_name(field.column)} = %s")
        values.append(value)
    if not conditions:
        return []
    with connection.cursor() as cursor:
        cursor.execute(table.select(with_secrets=False, where=f"WHERE {' OR '.join(conditions)}"), values)
        return [json.loads(row) for (row,) in cursor.fetchall()]


def pointing(member: User, model: type[Model], word: str) -> Iterator[tuple[AnyField, Any]]:
    """The fields of a model with this word, each with the value that identifies the member."""
    if model is User and word == MINE:
        yield User._meta.pk, member.pk
        return
    field: AnyField
    for field in model._meta.local_concrete_fields:
        if points_to_person(field) and word_for(field) == word:
            if isinstance(field, EmailField):
                yield from [(field, member.email)] if member.email else []
            else:
                yield field, member.profile.pk if field.remote_field.model is Profile else member.pk


def only_key(table: Table, row: dict[str, Any]) -> dict[str, Any]:
    """The key of a row that belongs to another person; the rest is not exported."""
    return {str(field.column): row[str(field.column)] for field in table.model._meta.pk_fields}


def files_of(member: User) -> Iterator[str]:
    """The files that the member's rows name."""
    for table in tables():
        columns = [str(f.column) for f in table.model._meta.local_concrete_fields if isinstance(f, FileField)]
        for row in rows_about(member, table, MINE) if columns else []:
            for name in filter(None, (row[column] for column in columns)):
                yield from files_named(table.model, name)


def files_named(model: type[Model], name: str) -> Iterator[str]:
    """The files that a value of a file field stands for. A photo has a folder with several sizes."""
    yield from files_below(name.rpartition("/")[0]) if model is Profile else [name]

"""differences(): compares an organisation with another one, or with the file of an export."""

import hashlib
from collections.abc import Iterator
from typing import NamedTuple
from zipfile import ZipFile

from django.core.files.storage import default_storage

from profiles.exports import tables
from profiles.exports.exporting import batches, own_values, sequences, snapshot
from profiles.exports.package import PIECE, Manifest
from profiles.exports.verifying import listed
from tenants.context import within
from tenants.models import Tenant
from tenants.storage import lasting_files


class Side(NamedTuple):
    """Everything that is compared, with a checksum or a number each. A file has only a part of it."""

    things: dict[str, str]
    with_secrets: bool = True


def of_organisation(tenant: Tenant, *, with_secrets: bool = True) -> Side:
    """Every row, every file, every sequence."""
    things = {name: str(value) for name, value in own_values(tenant).items()}
    with within(tenant):
        with snapshot():
            for table in tables.tables():
                things[f"rows of {table.label}"] = sum_of_rows(table, with_secrets=with_secrets)
            things |= {f"sequence of {name}": str(number) for name, number in sequences().items()}
        things |= {f"file {name}": sum_of_file(name) for name in lasting_files()}
    return Side(things, with_secrets)


def of_file(package: ZipFile, manifest: Manifest) -> Side:
    """From the manifest, which has been verified before."""
    things = {name: str(value) for name, value in manifest.organisation.items() if name != "slug"}
    things |= {f"rows of {part.model}": f"{part.rows} rows, {part.sha256}" for part in manifest.models}
    things |= {f"sequence of {name}": str(number) for name, number in manifest.sequences.items()}
    things |= {f"file {file.name}": file.sha256 for file in listed(package)}
    return Side(things, manifest.with_secrets)


def sum_of_rows(table: tables.Table, *, with_secrets: bool) -> str:
    rows, sha256 = 0, hashlib.sha256()
    for lines in batches(table, with_secrets=with_secrets):
        rows += len(lines)
        sha256.update("".join(f"{line}\n" for line in lines).encode())
    return f"{rows} rows, {sha256.hexdigest()}"


def sum_of_file(name: str) -> str:
    with default_storage.open(name) as file:
        sha256 = hashlib.sha256()
        for piece in file.chunks(PIECE):
            sha256.update(piece)
        return sha256.hexdigest()


def differences(one: Side, other: Side) -> Iterator[tuple[str, str, str]]:
    """Each difference, with the values of both sides; "" where one is missing."""
    for name in sorted(one.things.keys() | other.things.keys()):
        here, there = one.things.get(name, ""), other.things.get(name, "")
        if here != there:
            yield name, here, there

"""problems(): checks a file before it is imported, and before anything is written."""

import hashlib
import json
import re
import shutil
from collections import Counter
from collections.abc import Iterator
from pathlib import PurePosixPath
from typing import IO, Any, NamedTuple
from zipfile import BadZipFile, ZipFile, ZipInfo

from django.conf import settings
from django.core.files.storage import FileSystemStorage, default_storage

from profiles.exports import former, tables
from profiles.exports.package import FILES, FORMAT, LIST, MANIFEST, PIECE, Manifest
from shared.encryption import name_of
from tenants.fingerprint import code_migrations

LARGEST_MANIFEST = 10_000_000  # in bytes
LONGEST_LINE = 64_000_000  # in bytes: a row is read whole
# No table compresses better than this. Files are not compressed at all.
MOST_COMPRESSED = 250
SAFE = re.compile(r"[^\x00-\x1f\\:]+")


class Problem(NamedTuple):
    """A row of the table for the operator: the kind, the subject, and what can be done."""

    kind: str
    about: str
    words: str


class Unreadable(Exception):
    """The file is not an export."""


class File(NamedTuple):
    """One of the organisation's files, as the list in the package has it."""

    name: str
    bytes: int
    sha256: str


def opened(file: IO[bytes]) -> tuple[ZipFile, Manifest]:
    """Raises Unreadable."""
    try:
        package = ZipFile(file)
        if package.getinfo(MANIFEST).file_size > LARGEST_MANIFEST:
            raise Unreadable("Its manifest is too large.")
        manifest = Manifest.read(package.read(MANIFEST))
        if manifest.format != FORMAT:
            raise Unreadable(f"Its format is {manifest.format}, and this version reads {FORMAT}.")
    except (BadZipFile, KeyError, TypeError, ValueError, AttributeError, RuntimeError, OSError) as error:
        raise Unreadable(f"It is no export: {error}.") from error
    return package, manifest


def problems(package: ZipFile, manifest: Manifest) -> list[Problem]:
    """All problems. Checksums are verified only if names and sizes are correct."""
    found = [*code_that_differs(manifest), *odd_entries(package, manifest)]
    return found or list(wrong_sums(package, manifest))


# --- The code ---


def code_that_differs(manifest: Manifest) -> Iterator[Problem]:
    ours = {f"{app}.{name}" for app, name in code_migrations()}
    theirs = set(former.migrations(manifest))
    yield from migrations_that_differ(ours, theirs)
    if ours == theirs:
        yield from models_that_differ(manifest)
    if missing := set(manifest.encryption_keys[:1]) - set(map(name_of, settings.ENCRYPTION_KEYS)):
        words = "Add the source's key to ENCRYPTION_KEYS, behind the first one."
        yield Problem("encryption key", missing.pop(), words)


def migrations_that_differ(ours: set[str], theirs: set[str]) -> Iterator[Problem]:
    installed, used = set(map(app_of, ours)), set(map(app_of, theirs))
    for app in sorted(used - installed):
        yield Problem("missing app", app, "Install it here, or export without it.")
    for name in sorted(theirs - ours):
        if app_of(name) in installed:
            yield Problem("newer migration", name, "Deploy the version of the code that has it, then import.")


def app_of(migration: str) -> str:
    return migration.partition(".")[0]


def models_that_differ(manifest: Manifest) -> Iterator[Problem]:
    ours = {model._meta.label for model in tables.models()}
    for part in manifest.models:
        if part.model not in ours:
            yield Problem("unknown model", part.model, "No installed app has it.")
    for label in sorted(ours - {part.model for part in manifest.models}):
        yield Problem("missing model", label, "The file has no rows of it.")


# --- The zip ---


def odd_entries(package: ZipFile, manifest: Manifest) -> Iterator[Problem]:
    """Names that are duplicate, unsafe or not in the manifest, and entries that are too large."""
    entries = package.infolist()
    for name, times in Counter(entry.filename for entry in entries).items():
        if times > 1:
            yield Problem("duplicate name", name, f"It is in the file {times} times.")
        if not is_safe(name):
            yield Problem("unsafe path", name, "A name in an export leads nowhere else.")
    there = {entry.filename for entry in entries if not entry.filename.startswith(FILES)}
    promised = {MANIFEST, LIST, *(part.entry for part in manifest.models)}
    for name in sorted(there - promised):
        yield Problem("unknown entry", name, "The manifest does not name it.")
    for name in sorted(promised - there):
        yield Problem("missing entry", name, "The file is incomplete.")
    yield from bombs(package, entries)


def is_safe(name: str) -> bool:
    """Whether the name is a path below a folder, on every system."""
    parts = PurePosixPath(name).parts
    is_plain = SAFE.fullmatch(name) is not None and str(PurePosixPath(name)) == name
    return is_plain and not name.startswith("/") and ".." not in parts and "." not in parts


def bombs(package: ZipFile, entries: list[ZipInfo]) -> Iterator[Problem]:
    for entry in entries:
        if entry.file_size > MOST_COMPRESSED * max(entry.compress_size, 1_000):
            yield Problem("zip bomb", entry.filename, f"It unpacks to {entry.file_size} bytes.")
    file = package.fp
    if file and sum(entry.compress_size for entry in entries) > file.seek(0, 2):
        yield Problem("zip bomb", "", "Entries overlap: together they are larger than the file.")
    if isinstance(default_storage, FileSystemStorage):
        yield from too_much_for_disk(sum(entry.file_size for entry in entries if entry.filename.startswith(FILES)))


def too_much_for_disk(needed: int) -> Iterator[Problem]:
    settings.MEDIA_ROOT.mkdir(parents=True, exist_ok=True)
    if needed > (free := shutil.disk_usage(settings.MEDIA_ROOT).free):
        yield Problem("disk", FILES, f"Its files have {needed} bytes, and {free} are free.")


# --- The sums ---


def wrong_sums(package: ZipFile, manifest: Manifest) -> Iterator[Problem]:
    for part in manifest.models:
        found, lines = summed(package, part.entry)
        if found != part.sha256:
            yield Problem("wrong sum", part.entry, "It was changed after the export.")
        elif lines != part.rows:
            yield Problem("wrong count", part.entry, f"It has {lines} rows instead of {part.rows}.")
    if summed(package, LIST)[0] != manifest.files.get("list", {}).get("sha256"):
        yield Problem("wrong sum", LIST, "It was changed after the export.")
        return
    yield from wrong_files(package, manifest)


def wrong_files(package: ZipFile, manifest: Manifest) -> Iterator[Problem]:
    names = {entry.filename for entry in package.infolist() if entry.filename.startswith(FILES)}
    number = 0
    for file in listed(package):
        number += 1
        if FILES + file.name not in names:
            yield Problem("missing entry", FILES + file.name, "The file is incomplete.")
        elif summed(package, FILES + file.name)[0] != file.sha256:
            yield Problem("wrong sum", FILES + file.name, "It was changed after the export.")
        names.discard(FILES + file.name)
    for name in sorted(names):
        yield Problem("unknown entry", name, f"{LIST} does not name it.")
    if number != manifest.files.get("count"):
        yield Problem("wrong count", LIST, f"It names {number} files instead of {manifest.files.get('count')}.")


def summed(package: ZipFile, name: str) -> tuple[str, int]:
    """The checksum and the number of lines; "" if it cannot be read."""
    digest, lines = hashlib.sha256(), 0
    try:
        with package.open(name) as entry:
            while piece := entry.read(PIECE):
                digest.update(piece)
                lines += piece.count(b"\n")
    except (BadZipFile, EOFError, OSError, NotImplementedError, RuntimeError, ValueError):
        return "", 0
    return digest.hexdigest(), lines


def listed(package: ZipFile) -> Iterator[File]:
    """The organisation's files, as the package lists them. Raises Unreadable for a line that is none."""
    with package.open(LIST) as entry:
        for line in lines_of(entry):
            yield file_of(line)


def file_of(line: bytes) -> File:
    try:
        file = File(**json.loads(line))
    except (TypeError, ValueError, RecursionError) as error:
        raise Unreadable(f"A line of {LIST} describes no file: {error}.") from error
    if not isinstance(file.name, str):
        raise Unreadable(f"A line of {LIST} has no name.")
    return file


def lines_of(entry: Any) -> Iterator[bytes]:
    """Raises Unreadable for a line that is too long for the memory."""
    while line := entry.readline(LONGEST_LINE):
        if not line.endswith(b"\n"):
            raise Unreadable("A line is too long, or cut off.")
        yield line

"""The key of an organisation's backups, and the storage where they are: opened(), Store."""

import os
import tempfile
from base64 import b64decode, b64encode
from collections.abc import Iterator
from contextlib import contextmanager
from hashlib import sha256
from hmac import digest
from io import BufferedReader
from pathlib import Path
from typing import IO

from django.core.files import File
from django.core.files.storage import Storage, storages
from django.db import connection

from profiles.backups.errors import Busy, CannotRestore
from profiles.backups.models import Vault
from profiles.exports.sealing import CannotOpen, Sealer, Unsealed
from shared.encryption import UnreadableSecret, current_prefix, decrypt, encrypt
from tenants.context import public, within
from tenants.models import Tenant

KEY = 32  # bytes
PIECE = 1 << 20
# Of the locks by which PostgreSQL keeps two processes off one vault.
LOCKS = 0x6261636B


def vault_of(tenant: Tenant) -> Vault:
    """Made with its key where there is none."""
    with public():
        new = encrypt(b64encode(os.urandom(KEY)).decode())
        return Vault.objects.get_or_create(tenant=tenant, defaults={"key": new})[0]


def rewrap() -> int:
    """Encrypt all keys with the first of ENCRYPTION_KEYS; returns how many were not. Raises UnreadableSecret."""
    with public():
        others = list(Vault.objects.exclude(key__startswith=current_prefix()))
        for vault in others:
            Vault.objects.filter(pk=vault.pk, key=vault.key).update(key=encrypt(decrypt(vault.key)))
    return len(others)


@contextmanager
def alone(vault: Vault) -> Iterator[None]:
    """Keep other processes off this vault. The server gives the lock back if this one is killed. Raises Busy."""
    with public(), connection.cursor() as cursor:  # It stays open, so that the connection is not replaced.
        cursor.execute("SELECT pg_try_advisory_lock(%s, %s)", [LOCKS, vault.pk])
        if not cursor.fetchone()[0]:
            raise Busy("Another process works on the backups of this organisation. Wait until it has finished.")
        try:
            yield
        finally:
            with public(), connection.cursor() as other:
                other.execute("SELECT pg_advisory_unlock(%s, %s)", [LOCKS, vault.pk])


class Store:
    """The files of one vault: sealed with its key, and read again. `names` are those in the storage."""

    def __init__(self, vault: Vault) -> None:
        """Raises CannotRestore if the key cannot be read."""
        try:
            self.key = b64decode(decrypt(vault.key))
        except UnreadableSecret as error:
            raise CannotRestore(f"The key of these backups cannot be read: {error}") from error
        # Each vault has a folder of its own, as each organisation has one for its files.
        self.place = Tenant(schema_name=vault.folder)
        self.storage: Storage = storages["backups"]

    def disk(self) -> str | None:
        """A folder with room for a dump: that of the backups. None means TMPDIR: the backups are not on a disk."""
        folder = getattr(self.storage, "base_location", None)
        if folder:
            Path(folder).mkdir(parents=True, exist_ok=True)
        return folder

    def name_of(self, content: str) -> str:
        """The name of a stored file. Its SHA-256 alone would tell who has the same file."""
        return f"files/{digest(self.key, content.encode(), 'sha256').hex()}"

    def has(self, name: str) -> bool:
        with within(self.place):
            return self.storage.exists(name)

    def names(self, folder: str) -> list[str]:
        with within(self.place):
            try:
                return [f"{folder}/{name}" for name in self.storage.listdir(folder)[1]]
            except FileNotFoundError:
                return []

    def folders(self) -> list[str]:
        with within(self.place):
            try:
                return self.storage.listdir("")[0]
            except FileNotFoundError:
                return []

    def delete(self, *names: str) -> None:
        with within(self.place):
            for name in names:
                self.storage.delete(name)

    @contextmanager
    def writing(self, name: str) -> Iterator["Writing"]:
        """A file to write to, which is stored once it is complete: never a part of one."""
        with tempfile.TemporaryFile(dir=self.disk()) as sealed:
            writing = Writing(sealed, self.key)
            yield writing
            writing.finish()
            with within(self.place):
                self.storage.delete(name)  # a part, that a killed process has left
                if self.storage.save(name, File(sealed)) != name:
                    raise OSError(f"{name} was written at this moment by something else.")

    @contextmanager
    def reading(self, name: str, sha256_of_sealed: str = "") -> Iterator[IO[bytes]]:
        """A stored file, opened. Its sum is compared before anything of it is used. Raises CannotRestore."""
        try:
            with within(self.place):
                file = self.storage.open(name)
        except FileNotFoundError as error:
            raise CannotRestore(f"{name} is missing from the storage of backups.") from error
        with file:
            if sha256_of_sealed and sum_of(file) != sha256_of_sealed:
                raise CannotRestore(f"{name} is not what was written: it was changed or cut off.")
            try:
                file.seek(0)
                yield BufferedReader(Unsealed(file, self.key))
            except CannotOpen as error:
                raise CannotRestore(f"{name} cannot be opened. {error}") from error


class Writing:
    """Seals what is written, and counts it."""

    def __init__(self, out: IO[bytes], key: bytes) -> None:
        self.out, self.sealer = out, Sealer(out, key)
        self.sha256, self.bytes = "", 0

    def write(self, data: bytes) -> int:
        return self.sealer.write(data)

    def flush(self) -> None:
        """gzip calls it."""

    def finish(self) -> None:
        self.sealer.close()
        self.bytes = self.out.tell()
        self.sha256 = sum_of(self.out)
        self.out.seek(0)


def sum_of(file: IO[bytes]) -> str:
    file.seek(0)
    found = sha256()
    while piece := file.read(PIECE):
        found.update(piece)
    return found.hexdigest()

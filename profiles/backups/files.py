"""An organisation's files in its backups: each content is stored once, sealed, for all backups that list it."""

from hashlib import sha256

from django.core.files import File
from django.core.files.storage import default_storage

from profiles.backups.errors import CannotRestore
from profiles.backups.manifest import StoredFile
from profiles.backups.vaults import PIECE, Store
from tenants.context import within
from tenants.models import Tenant
from tenants.storage import lasting_files

Listed = dict[str, StoredFile]


def copy_files(tenant: Tenant, store: Store, listed: Listed, before: Listed) -> None:
    """Store what is not stored yet, and add to `listed`. What has not changed since `before` is not read."""
    with within(tenant):
        for name in lasting_files():
            if name not in listed:
                try:
                    listed[name] = as_before(name, before.get(name)) or stored(name, store)
                except FileNotFoundError:
                    continue  # It was deleted meanwhile.


def as_before(name: str, known: StoredFile | None) -> StoredFile | None:
    is_same = known and (known.bytes, known.modified) == (default_storage.size(name), modified(name))
    return known if is_same else None


def modified(name: str) -> str:
    return default_storage.get_modified_time(name).isoformat()


def stored(name: str, store: Store) -> StoredFile:
    """Read the file twice, so that it is sealed only if its content is not there yet."""
    when, size = modified(name), default_storage.size(name)
    with default_storage.open(name) as file:
        found = sha256()
        for piece in file.chunks(PIECE):
            found.update(piece)
        content = found.hexdigest()
        if not store.has(store.name_of(content)):
            with store.writing(store.name_of(content)) as out:
                for piece in file.chunks(PIECE):
                    out.write(piece)
    return StoredFile(name, size, when, content)


def put_back(tenant: Tenant, store: Store, files: list[StoredFile]) -> None:
    """Into the folder of this organisation, which has none yet. Raises CannotRestore for one that is not the same."""
    for file in files:
        with store.reading(store.name_of(file.sha256)) as content, within(tenant):
            if default_storage.save(file.name, File(content)) != file.name:
                raise CannotRestore(f"{file.name} cannot be stored under its name.")
        check(file, tenant)


def check(file: StoredFile, tenant: Tenant) -> None:
    with within(tenant), default_storage.open(file.name) as copy:
        found = sha256()
        for piece in copy.chunks(PIECE):
            found.update(piece)
    if found.hexdigest() != file.sha256:
        raise CannotRestore(f"The content of {file.name} is not what it was.")


def faults_in(store: Store, files: list[StoredFile]) -> list[str]:
    """Read every stored file, and say which are not what they were."""
    return [fault for file in files if (fault := fault_in(store, file))]


def fault_in(store: Store, file: StoredFile) -> str:
    found = sha256()
    try:
        with store.reading(store.name_of(file.sha256)) as content:
            while piece := content.read(PIECE):
                found.update(piece)
    except CannotRestore as error:
        return f"{file.name}: {error}"
    return "" if found.hexdigest() == file.sha256 else f"The content of {file.name} is not what it was."

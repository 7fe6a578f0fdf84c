"""Pictures on disk that no row names, left by a process that was killed.

Files are written before the commit that names them, and deleted after the one that does not any more: a row never
names what is not there. Who is killed in between leaves a file, and sweep() finds it.
"""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import PurePosixPath

from django.core.files.storage import default_storage
from django.utils import timezone

from profiles.models import Profile
from profiles.pictures.keeping import delete_folder
from tenants.cleaning import nightly
from tenants.context import public, required
from tenants.models import Tenant

# An upload that is under way has written files, and no row names them yet. None takes that long.
AGE = timedelta(days=1)


@nightly
def sweep(*, older_than: timedelta = AGE) -> int:
    """Delete the current organisation's leftover photos and logos; returns how many."""
    photos, logos = old("photos", older_than), old("logo", older_than)  # Looked for before rows are read.
    unnamed_photos, unnamed_logos = photos - named_photos(), logos - named_logos()
    for folder in unnamed_photos:
        delete_folder(folder)
    for file in unnamed_logos:
        default_storage.delete(file)
    return len(unnamed_photos) + len(unnamed_logos)


def old(folder: str, age: timedelta) -> set[str]:
    """The names of what lies in a folder of the organisation's files, and is older than that."""
    return {name for name in names_in(folder) if default_storage.get_modified_time(name) <= timezone.now() - age}


def names_in(folder: str) -> Iterator[str]:
    if default_storage.exists(folder):
        folders, files = default_storage.listdir(folder)
        yield from (f"{folder}/{name}" for name in (*folders, *files))


def named_photos() -> set[str]:
    """The folders of the photos that profiles have."""
    names = Profile.objects.exclude(photo="").values_list("photo", flat=True)
    return {str(PurePosixPath(name).parent) for name in names.iterator()}


def named_logos() -> set[str]:
    tenant = required()
    with public():
        return set(Tenant.objects.filter(pk=tenant.pk).values_list("logo", flat=True))

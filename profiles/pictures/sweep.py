"""Deletes pictures on disk that no row names, which a killed process has left.

Files are written before the commit that names them, and deleted after the commit that no longer does, so that no row
names a missing file. A process that is killed in between leaves a file, and sweep() deletes it.
"""

from datetime import timedelta
from pathlib import PurePosixPath

from django.core.files.storage import default_storage
from django.utils import timezone

from profiles.models import Profile
from tenants.cleaning import nightly
from tenants.context import public, required
from tenants.models import Tenant
from tenants.storage import files_below, list_folder, name_in, remove_now

# A running upload has written files that no row names yet. No upload takes that long.
AGE = timedelta(days=1)


@nightly
def sweep(*, older_than: timedelta = AGE) -> int:
    """Delete the current organisation's leftover photos and logos; returns how many."""
    photos, logos = names_in("photos"), names_in("logo")  # List the files before reading the rows.
    left = [name for name in (photos - named_photos()) | (logos - named_logos()) if is_older(name, older_than)]
    for name in left:
        remove_now(name)
    return len(left)


def names_in(folder: str) -> set[str]:
    """The names of entries directly in a folder of the organisation's files."""
    return {name_in(folder, name) for names in list_folder(folder) for name in names}


def is_older(name: str, age: timedelta) -> bool:
    """Whether the last change of a file, or of a folder's files, is older than that. One that is gone is not."""
    try:
        last = max(map(default_storage.get_modified_time, list(files_below(name)) or [name]))
    except FileNotFoundError:  # It was deleted after it was listed.
        return False
    return last <= timezone.now() - age


def named_photos() -> set[str]:
    """The folders of the profiles' photos, and files that are directly in `photos`."""
    names = Profile.objects.exclude(photo="").values_list("photo", flat=True)
    return {each for name in names.iterator() for each in (str(PurePosixPath(name).parent), name)}


def named_logos() -> set[str]:
    tenant = required()
    with public():
        return set(Tenant.objects.values_list("logo", "logo_dark").get(pk=tenant.pk))

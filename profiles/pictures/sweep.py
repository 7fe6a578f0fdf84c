"""Pictures on disk that no row names, left by a process that was killed.

Files are written before the commit that names them, and deleted after the one that does not any more: a row never
names what is not there. Who is killed in between leaves a file, and sweep() finds it.
"""

from datetime import timedelta
from pathlib import PurePosixPath

from django.core.files.storage import default_storage
from django.utils import timezone

from profiles.models import Profile
from tenants.cleaning import nightly
from tenants.context import public, required
from tenants.models import Tenant
from tenants.storage import delete_folder, files_below, list_folder, name_in

# An upload that is under way has written files, and no row names them yet. None takes that long.
AGE = timedelta(days=1)


@nightly
def sweep(*, older_than: timedelta = AGE) -> int:
    """Delete the current organisation's leftover photos and logos; returns how many."""
    photos, logos = names_in("photos"), names_in("logo")  # Listed before rows are read.
    left = [name for name in (photos - named_photos()) | (logos - named_logos()) if is_older(name, older_than)]
    for name in left:
        delete_folder(name)
    return len(left)


def names_in(folder: str) -> set[str]:
    """The names of what lies directly in a folder of the organisation's files."""
    return {name_in(folder, name) for names in list_folder(folder) for name in names}


def is_older(name: str, age: timedelta) -> bool:
    """Is the last change to a file, or to the files of a folder, longer ago than that?"""
    last = max(map(default_storage.get_modified_time, list(files_below(name)) or [name]))
    return last <= timezone.now() - age


def named_photos() -> set[str]:
    """The folders of the photos that profiles have, and the files, which may be directly in `photos`."""
    names = Profile.objects.exclude(photo="").values_list("photo", flat=True)
    return {each for name in names.iterator() for each in (str(PurePosixPath(name).parent), name)}


def named_logos() -> set[str]:
    tenant = required()
    with public():
        return set(Tenant.objects.values_list("logo", "logo_dark").get(pk=tenant.pk))

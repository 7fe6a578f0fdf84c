"""The photos of profiles on disk: set_photo() and remove_photo()."""

from functools import partial
from typing import IO
from uuid import UUID, uuid4

from django.conf import settings
from django.core.files.storage import default_storage
from django.db import transaction

from profiles.models import Profile
from profiles.models.profile import photo_key
from profiles.pictures.sandbox import process
from tenants.backend.rollback import on_rollback
from tenants.events import emit
from tenants.storage import delete_folder, store


def picture_name(key: UUID, size: int) -> str:
    """Where a picture lies within its tenant's files. The key is random, and never used again."""
    return f"photos/{key}/{size}.webp"


def set_photo(*, profile: Profile, upload: bytes | IO[bytes]) -> None:
    """Make an uploaded picture the photo of a profile.

    Raises ValidationError, with a sentence for the person, for what is no picture or too large a one.
    """
    keep_pictures(profile=profile, pictures=process(upload, max_bytes=settings.PHOTO_MAX_BYTES))


@transaction.atomic
def keep_pictures(*, profile: Profile, pictures: dict[int, bytes]) -> None:
    """The same with what profiles.pictures.sandbox made of the upload: a form says first what is wrong with it.

    The files are on disk before the row names them, and leave it if the transaction fails. Raises ValidationError as
    tenants.storage.store() does.
    """
    key = uuid4()
    on_rollback(partial(delete_folder, f"photos/{key}"))
    for size, picture in pictures.items():
        store(picture_name(key, size), picture)
    change_photo(profile, picture_name(key, max(pictures)))


@transaction.atomic
def remove_photo(*, profile: Profile) -> None:
    """Go back to drawn initials."""
    change_photo(profile, "")


def change_photo(profile: Profile, name: str) -> None:
    """Name the photo in the row, which is locked: of two at once, the later deletes the other's files."""
    rows = Profile.objects.select_for_update(no_key=True).values_list("photo", flat=True)
    delete_after_commit(before := rows.get(pk=profile.pk))
    if name or before:
        emit("profile.changed", profile.user, profile, photo=None)
    profile.photo = name
    profile.save(update_fields=["photo", "updated"])


def delete_after_commit(name: str) -> None:
    """Delete a photo in all sizes once no row names it. A failure is logged: the change itself stands.

    Of a file that other code has stored, only that file: its folder may hold the files of others.
    """
    if key := photo_key(name):
        transaction.on_commit(partial(delete_folder, f"photos/{key}"), robust=True)
    elif name:
        transaction.on_commit(partial(default_storage.delete, name), robust=True)

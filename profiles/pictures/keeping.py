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
    """A picture's path among its tenant's files. The key is random and never used again."""
    return f"photos/{key}/{size}.webp"


def set_photo(*, profile: Profile, upload: bytes | IO[bytes]) -> None:
    """Make an uploaded picture the photo of a profile.

    Raises ValidationError, with a sentence for the person, if it is not a picture or too large.
    """
    keep_pictures(profile=profile, pictures=process(upload, max_bytes=settings.PHOTO_MAX_BYTES))


@transaction.atomic
def keep_pictures(*, profile: Profile, pictures: dict[int, bytes]) -> None:
    """Store the result of profiles.pictures.sandbox as the photo. Forms call the sandbox before, to show its errors.

    The files are written before the row names them, and deleted if the transaction fails. Raises ValidationError like
    tenants.storage.store().
    """
    key = uuid4()
    on_rollback(partial(delete_folder, f"photos/{key}"))
    for size, picture in pictures.items():
        store(picture_name(key, size), picture)
    change_photo(profile, picture_name(key, max(pictures)))


@transaction.atomic
def remove_photo(*, profile: Profile) -> None:
    """Remove the photo; the initials are shown again."""
    change_photo(profile, "")


def change_photo(profile: Profile, name: str) -> None:
    """Set the photo in the locked row. Of two at the same time, the later deletes the other's files."""
    rows = Profile.objects.select_for_update(no_key=True).values_list("photo", flat=True)
    delete_after_commit(before := rows.get(pk=profile.pk))
    if name or before:
        emit("profile.changed", profile.user, profile, photo=None)
    profile.photo = name
    profile.save(update_fields=["photo", "updated"])


def delete_after_commit(name: str) -> None:
    """Delete all sizes of a photo after the commit. A failure is logged; the change itself is kept.

    If other code has stored the file, only the file is deleted: its folder may contain other files.
    """
    if key := photo_key(name):
        transaction.on_commit(partial(delete_folder, f"photos/{key}"), robust=True)
    elif name:
        transaction.on_commit(partial(default_storage.delete, name), robust=True)

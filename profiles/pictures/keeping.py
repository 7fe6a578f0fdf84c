"""The photos of profiles on disk: set_photo() and remove_photo()."""

from functools import partial
from typing import IO
from uuid import UUID, uuid4

from django.conf import settings
from django.db import transaction

from profiles.models import Profile
from profiles.models.profile import photo_key
from profiles.pictures.sandbox import process
from tenants.backend.rollback import on_rollback
from tenants.events import emit
from tenants.storage import delete_folder, remove, store_all


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
    tenants.storage.store_all().
    """
    key, before = uuid4(), lock_photo(profile)
    on_rollback(partial(delete_folder, f"photos/{key}"))
    files = {picture_name(key, size): picture for size, picture in pictures.items()}
    store_all(files, replaces=whole(before))
    change_photo(profile, before, picture_name(key, max(pictures)))


@transaction.atomic
def remove_photo(*, profile: Profile) -> None:
    """Remove the photo; the initials are shown again."""
    change_photo(profile, lock_photo(profile), "")


def lock_photo(profile: Profile) -> str:
    """The name of the present photo, in the locked row. Of two at once, the later removes the other one's files."""
    return Profile.objects.select_for_update(no_key=True).values_list("photo", flat=True).get(pk=profile.pk)


def change_photo(profile: Profile, before: str, name: str) -> None:
    delete_photo(before)
    if name or before:
        emit("profile.changed", profile.user, profile, photo=None)
    profile.photo = name
    profile.save(update_fields=["photo", "updated"])


def delete_photo(name: str) -> None:
    """Remove all sizes of a photo, after the commit."""
    if name:
        remove(whole(name))


def whole(name: str) -> str:
    """The folder with all sizes of a photo.

    Of a file that other code has stored, only the file itself: its folder may contain other files.
    """
    key = photo_key(name)
    return f"photos/{key}" if key else name

"""keep_logo() and remove_logo(): the organisation's logos on disk, one for all pages and one for dark pages."""

import re
from functools import partial
from typing import IO, Literal
from uuid import UUID, uuid4

from django.conf import settings
from django.core.files.storage import default_storage
from django.db import transaction

from profiles.pictures.containers import open_container
from profiles.pictures.sandbox import process_whole
from tenants.backend.rollback import on_rollback
from tenants.context import public, required
from tenants.models import Tenant
from tenants.storage import remove, store

Kind = Literal["logo", "logo_dark"]  # fields of Tenant
SIDE = 512  # In pixels. A logo fits into a square of this size, and may be wide or tall.


def process_logo(upload: bytes | IO[bytes]) -> bytes:
    """The argument for keep_logo(). Raises ValidationError, with a sentence for the person, if it is not a picture."""
    return process_whole(upload, side=SIDE, max_bytes=settings.PHOTO_MAX_BYTES)


def logo_name(key: UUID, picture: bytes) -> str:
    """A logo's path among its tenant's files. The key is random and never used again.

    The name contains width and height, so that pages reserve the space before the logo is loaded.
    """
    container = open_container(picture)
    size = "-{}x{}".format(*container.size) if container and container.size else ""
    return f"logo/{key}{size}.webp"


def size_of(name: str | None) -> tuple[int, int] | None:
    """Width and height of a logo; None if they are not in its name, as for older logos."""
    found = re.search(r"-(\d+)x(\d+)\.webp$", name or "")
    return (int(found[1]), int(found[2])) if found else None


@transaction.atomic
def keep_logo(picture: bytes, kind: Kind = "logo") -> None:
    """Store the result of process_logo() as the current organisation's logo of this kind.

    The file is written before the row names it, and deleted if the transaction fails. Raises ValidationError like
    tenants.storage.store().
    """
    name, before = logo_name(uuid4(), picture), lock_logo(kind)
    on_rollback(partial(default_storage.delete, name))
    store(name, picture, replaces=before)
    change_logo(before, name, kind)


@transaction.atomic
def remove_logo(kind: Kind = "logo") -> None:
    """Remove the logo. The initial is shown instead, or on dark pages the other logo."""
    change_logo(lock_logo(kind), "", kind)


def lock_logo(kind: Kind) -> str:
    """The name of the present logo, in the locked row. Of two at once, the later removes the other one's file."""
    tenant = required()
    with public():
        return Tenant.objects.select_for_update(no_key=True).values_list(kind, flat=True).get(pk=tenant.pk)


def change_logo(before: str, name: str, kind: Kind) -> None:
    tenant = required()
    setattr(tenant, kind, name)
    with public():
        tenant.save(update_fields=[kind])
    if before:
        remove(before)

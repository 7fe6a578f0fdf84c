"""The logos of an organisation on disk, one for all pages and one for dark ones: keep_logo() and remove_logo()."""

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
from tenants.storage import store

Kind = Literal["logo", "logo_dark"]  # the fields of Tenant
SIDE = 512  # Pixels; a logo fits into a square of this size, and may be wide or high.


def process_logo(upload: bytes | IO[bytes]) -> bytes:
    """What keep_logo() takes. Raises ValidationError, with a sentence for the person, if it is no picture."""
    return process_whole(upload, side=SIDE, max_bytes=settings.PHOTO_MAX_BYTES)


def logo_name(key: UUID, picture: bytes) -> str:
    """Where a logo lies within its tenant's files. The key is random, and never used again.

    Its width and height are in the name: so a page leaves the right room for it before it has come.
    """
    container = open_container(picture)
    size = "-{}x{}".format(*container.size) if container and container.size else ""
    return f"logo/{key}{size}.webp"


def size_of(name: str | None) -> tuple[int, int] | None:
    """Width and height of a logo; None where they are not in its name, as of older ones."""
    found = re.search(r"-(\d+)x(\d+)\.webp$", name or "")
    return (int(found[1]), int(found[2])) if found else None


@transaction.atomic
def keep_logo(picture: bytes, kind: Kind = "logo") -> None:
    """Make a picture, as process_logo() returns it, the current organisation's logo of this kind.

    The file is on disk before the row names it, and leaves it if the transaction fails. Raises ValidationError as
    tenants.storage.store() does.
    """
    name = logo_name(uuid4(), picture)
    on_rollback(partial(default_storage.delete, name))
    store(name, picture)
    change_logo(name, kind)


@transaction.atomic
def remove_logo(kind: Kind = "logo") -> None:
    """Go back to the initial of the name, or on dark pages to the other logo."""
    change_logo("", kind)


def change_logo(name: str, kind: Kind) -> None:
    """Name the logo in the row, which is locked: of two at once, the second deletes what the first wrote."""
    tenant = required()
    with public():
        tenants = Tenant.objects.select_for_update(no_key=True)
        present = tenants.values_list(kind, flat=True).get(pk=tenant.pk)
        setattr(tenant, kind, name)
        tenant.save(update_fields=[kind])
    if present:
        transaction.on_commit(partial(default_storage.delete, present), robust=True)

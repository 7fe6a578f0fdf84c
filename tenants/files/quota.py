"""How many bytes of files an organisation may have (allowance "files_bytes"), and check() before a file is stored."""

from collections.abc import Mapping

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import OperationalError, connection, transaction
from django.db.models import Sum
from django.template.defaultfilters import filesizeformat
from django.utils.translation import gettext

from tenants.allowances import allowance
from tenants.context import required
from tenants.files.models import File
from tenants.files.recording import below
from tenants.models import Tenant
from tenants.storage import FULL, NOT_STORED

# Of the locks by which uploads of one organisation wait for each other.
LOCKS = 0x66696C65


def allowed(_tenant: Tenant, name: str) -> int | None:
    """FILES_QUOTA, for every organisation. A capability with plans can allow one less."""
    return settings.FILES_QUOTA if name == "files_bytes" else None


def bytes_recorded() -> int:
    """The bytes of the current organisation's files, by their rows."""
    return File.objects.aggregate(bytes=Sum("bytes", default=0))["bytes"]


def check(files: Mapping[str, bytes], *, replaces: str = "") -> None:
    """Raise ValidationError, with the code FULL, if the current organisation may not have these files too.

    What they replace does not count. The next upload of the same organisation waits until this transaction has ended,
    so that two of them cannot both get the last bytes. Organisations do not wait for each other.
    """
    most = allowance("files_bytes")
    if most is None:
        return
    lock()
    freed = below(replaces).aggregate(bytes=Sum("bytes", default=0))["bytes"] if replaces else 0
    wanted = bytes_recorded() - freed + sum(map(len, files.values()))
    if wanted > most:
        words = gettext(
            "The file was not stored: with it, the organisation’s files would exceed their limit of %(size)s. "
            "Remove a photo or a logo first."
        )
        raise ValidationError(words, code=FULL, params={"size": filesizeformat(most)})


def lock() -> None:
    """Wait for other uploads of this organisation. Raises ValidationError, as for a storage that is not available, if
    they take longer than the lock timeout of a request.
    """
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s, hashtext(%s))", [LOCKS, required().schema_name])
    except OperationalError as error:
        raise ValidationError(NOT_STORED, code="not_stored") from error

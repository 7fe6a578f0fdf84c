"""Bytes and checksums of files: the allowance "files_bytes", FILES_QUOTA and `manage.py check_files`."""

import re
from typing import Any

from django.core.exceptions import ImproperlyConfigured
from django.utils.translation import gettext_lazy as _

from shared.capabilities.base import Allowance, Capability

UNITS = {"": 1, "kB": 10**3, "MB": 10**6, "GB": 10**9, "TB": 10**12}


class FilesConfig(Capability):
    name = "tenants.files"
    row_names = {"files.File": _("Sizes and checksums of files")}
    allowances = {
        "files_bytes": Allowance(label=_("Files"), unit="bytes", used="tenants.files.quota.bytes_recorded", order=30)
    }
    allows = "tenants.files.quota.allowed"

    @classmethod
    def settings(cls, env: Any) -> dict[str, Any]:
        """Raises ImproperlyConfigured for a quota that is no number of bytes."""
        # The most bytes of files of one organisation; None: no limit.
        return {"FILES_QUOTA": bytes_of(env.str("FILES_QUOTA", ""))}


def bytes_of(text: str) -> int | None:
    """The number in `1GB`, `1.5 GB` or `500MB`; None for an empty text. Raises ImproperlyConfigured."""
    if not text:
        return None
    found = re.fullmatch(r"(\d+(?:\.\d+)?) ?(|kB|MB|GB|TB)", text)
    if not found:
        raise ImproperlyConfigured(f"FILES_QUOTA is {text!r}. Write a number of bytes, as 500MB or 1.5GB.")
    return int(float(found[1]) * UNITS[found[2]])

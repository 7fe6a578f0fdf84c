"""Connects quota and rows to the verbs of tenants/storage.py."""

from collections.abc import Mapping
from typing import Any

from django.dispatch import receiver

from tenants.files import quota, recording
from tenants.storage import file_removed, files_stored, files_wanted


@receiver(files_wanted)
def check_quota(files: Mapping[str, bytes], replaces: str, **_kwargs: Any) -> None:
    quota.check(files, replaces=replaces)


@receiver(files_stored)
def record(files: Mapping[str, bytes], **_kwargs: Any) -> None:
    recording.record(files)


@receiver(file_removed)
def forget(name: str, **_kwargs: Any) -> None:
    recording.below(name).delete()

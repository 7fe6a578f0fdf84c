"""Exports on disk, and how far the present one is: among the organisation's files, and nowhere else.

`exports/<key>/` has `progress.json` from the time when it was asked for, the zip, and `ready.json` once that is whole.
So no table is needed, and all of it goes with the organisation's files. Whether a job is at it, the queue knows.
"""

import json
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from pathlib import PurePosixPath
from time import monotonic
from typing import IO, Any
from uuid import UUID, uuid4

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.signing import BadSignature
from django.utils import timezone
from procrastinate.contrib.django.models import ProcrastinateJob

from profiles.exports.exporting import FOLDER, export
from tenants import signing
from tenants.backend.rollback import on_rollback
from tenants.context import public, required
from tenants.storage import delete_folder, list_folder

SALT = "export"
KEPT = timedelta(hours=24)
EVERY = 2  # seconds between two notes of the progress
TASK = "profiles.export_organisation"


@dataclass(frozen=True)
class Ready:
    """An export that can be downloaded."""

    key: str
    made: datetime
    bytes: int

    @property
    def until(self) -> datetime:
        return self.made + KEPT

    @property
    def token(self) -> str:
        """For this organisation, and no longer than the file."""
        return signing.dumps({"key": self.key}, salt=SALT)


@dataclass(frozen=True)
class State:
    """What the page says: at work, with the per cent that are done; ready; failed; or none of these."""

    is_running: bool = False
    per_cent: int = 0
    ready: Ready | None = None
    has_failed: bool = False


def state() -> State:
    """By the notes alone where nothing is being made: the queue is in another schema."""
    ready = {key: read(key, "ready") for key in keys()}
    begun = [key for key, note in ready.items() if not note]
    if begun and is_running():
        return State(is_running=True, per_cent=max(map(per_cent, begun)))
    made = [Ready(key, datetime.fromisoformat(note["made"]), note["bytes"]) for key, note in ready.items() if note]
    fresh = [each for each in made if each.until > timezone.now()]
    return State(ready=fresh[0] if fresh else None, has_failed=bool(begun))


def per_cent(key: str) -> int:
    progress = read(key, "progress") or {"done": 0, "of": 1}
    return 100 * progress["done"] // max(1, progress["of"])


def ask() -> None:
    """Note that one is wanted, in the transaction that queues the job."""
    key = str(uuid4())
    on_rollback(partial(delete_folder, f"{FOLDER}/{key}"))
    write(key, "progress", {"done": 0, "of": 1})


def is_running() -> bool:
    """Is there a job at it, or waiting?"""
    schema_name = required().schema_name
    with public():
        jobs = ProcrastinateJob.objects.filter(task_name=TASK, status__in=["todo", "doing"])
        return jobs.filter(args__schema_name=schema_name).exists()


def by_token(token: str) -> IO[bytes] | None:
    """The file of a link that is at most a day old, if it is still there."""
    try:
        key = str(UUID(signing.loads(token, salt=SALT, max_age=int(KEPT.total_seconds()), shape={"key": str})["key"]))
        return default_storage.open(name_of(key, "organisation.zip")) if read(key, "ready") else None
    except (BadSignature, ValueError, FileNotFoundError):
        return None


def make() -> Ready:
    """Export the current organisation, in place of the exports that there are."""
    delete_folder(FOLDER)
    key = str(uuid4())
    write(key, "progress", {"done": 0, "of": 1})  # Makes the folder, too.
    name = name_of(key, "organisation.zip")
    with default_storage.open(name, "wb") as out:
        export(out, report=noted(key))
    made = timezone.now()
    write(key, "ready", {"made": made.isoformat(), "bytes": default_storage.size(name)})
    return Ready(key, made, default_storage.size(name))


def noted(key: str) -> Any:
    """Writes the progress down, but not at each step."""
    last = monotonic()

    def report(done: int, whole: int) -> None:
        nonlocal last
        if monotonic() - last > EVERY:
            last = monotonic()
            write(key, "progress", {"done": done, "of": whole})

    return report


def sweep() -> int:
    """Delete exports whose links are dead, and what was left of those that failed; returns how many."""
    old = [key for key in keys() if is_old(key)]
    if not old or is_running():
        return 0
    for key in old:
        delete_folder(f"{FOLDER}/{key}")
    return len(old)


def is_old(key: str) -> bool:
    try:
        return default_storage.get_modified_time(name_of(key, "progress.json")) < timezone.now() - KEPT
    except FileNotFoundError:
        return True


def keys() -> list[str]:
    return list_folder(FOLDER)[0]


def name_of(key: str, file: str) -> str:
    return str(PurePosixPath(FOLDER, key, file))


def read(key: str, what: str) -> Any:
    """What a note says; None if there is none, or it is being written."""
    try:
        with default_storage.open(name_of(key, f"{what}.json")) as file:
            return json.load(file)
    except (FileNotFoundError, ValueError):
        return None


def write(key: str, what: str, value: dict[str, Any]) -> None:
    name = name_of(key, f"{what}.json")
    default_storage.delete(name)
    default_storage.save(name, ContentFile(json.dumps(value).encode()))

"""Exports on disk, and the progress of the current one. Both are stored among the organisation's files only.

`exports/<key>/` has `progress.json` from the request on, the zip, and `ready.json` once the zip is complete. So no
table is needed, and all of it is deleted with the organisation's files. The queue knows whether a job is running.
"""

import json
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from pathlib import PurePosixPath
from time import monotonic
from typing import Any
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
EVERY = 2  # seconds between two writes of the progress
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
        """A token for this organisation that is valid as long as the file is kept."""
        return signing.dumps({"key": self.key}, salt=SALT)


@dataclass(frozen=True)
class State:
    """The state that the page shows: running, with the percentage; ready; failed; or none of these."""

    is_running: bool = False
    per_cent: int = 0
    ready: Ready | None = None
    has_failed: bool = False


def state() -> State:
    """Read from the files alone if nothing is running, since the queue is in another schema."""
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
    """Note the request, in the transaction that queues the job."""
    key = str(uuid4())
    on_rollback(partial(delete_folder, f"{FOLDER}/{key}"))
    write(key, "progress", {"done": 0, "of": 1})


def is_running() -> bool:
    """Whether a job is running or waiting."""
    schema_name = required().schema_name
    with public():
        jobs = ProcrastinateJob.objects.filter(task_name=TASK, status__in=["todo", "doing"])
        return jobs.filter(args__schema_name=schema_name).exists()


def by_token(token: str) -> str | None:
    """The name of the file of a link that is at most a day old, if it still exists."""
    try:
        key = str(UUID(signing.loads(token, salt=SALT, max_age=int(KEPT.total_seconds()), shape={"key": str})["key"]))
    except (BadSignature, ValueError):
        return None
    name = name_of(key, "organisation.zip")
    return name if read(key, "ready") and default_storage.exists(name) else None


def make() -> Ready:
    """Export the current organisation, and replace earlier exports."""
    delete_folder(FOLDER)
    key = str(uuid4())
    write(key, "progress", {"done": 0, "of": 1})  # Also makes the folder.
    name = name_of(key, "organisation.zip")
    with default_storage.open(name, "wb") as out:
        export(out, report=noted(key))
    made = timezone.now()
    write(key, "ready", {"made": made.isoformat(), "bytes": default_storage.size(name)})
    return Ready(key, made, default_storage.size(name))


def noted(key: str) -> Any:
    """Writes the progress to disk, but not at each step."""
    last = monotonic()

    def report(done: int, whole: int) -> None:
        nonlocal last
        if monotonic() - last > EVERY:
            last = monotonic()
            write(key, "progress", {"done": done, "of": whole})

    return report


def sweep() -> int:
    """Delete expired exports and the rest of failed ones; returns how many."""
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
    """The content of the file; None if there is none, or it is being written."""
    try:
        with default_storage.open(name_of(key, f"{what}.json")) as file:
            return json.load(file)
    except (FileNotFoundError, ValueError):
        return None


def write(key: str, what: str, value: dict[str, Any]) -> None:
    name = name_of(key, f"{what}.json")
    default_storage.delete(name)
    default_storage.save(name, ContentFile(json.dumps(value).encode()))

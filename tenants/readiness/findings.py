"""Readiness: whether this installation does all that it is for, or what of it has stopped.

A load balancer asks /health/, whether a process answers. Whoever is woken at night asks this: pages may be served while
the workers are dead, the stock of spares is empty and the disk is full.
"""

import logging
import shutil
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from tempfile import TemporaryFile
from time import monotonic

from django.conf import settings
from django.core.files.storage import FileSystemStorage, default_storage
from django.db import DatabaseError, connection

from tenants.context import public
from tenants.isolation.timeouts import limited
from tenants.models import Tenant
from tenants.serving.turns import turns

logger = logging.getLogger(__name__)

# A worker that was not seen for so long is dead (procrastinate's own number).
HEARTBEAT_SECONDS = 30
# So long a request waits for its place before a process counts as overrun.
WAITING_SECONDS = 5
PROBE = bytes(65_536)
# For so long the answers of a process are the same: whoever asks often asks the database no more often.
FRESH_SECONDS = 1

LANE = """
SELECT
    (SELECT extract(epoch FROM now() - max(seen.last_heartbeat)) FROM tenants_worker worker
        JOIN procrastinate_workers seen USING (id)
        WHERE worker.queues IS NULL OR worker.queues @> %(queues)s::text[]),
    (SELECT extract(epoch FROM now() - min(greatest(job.scheduled_at, event.at))) FROM procrastinate_jobs job
        JOIN procrastinate_events event ON event.job_id = job.id AND event.type = 'deferred'
        WHERE job.status = 'todo' AND job.queue_name = ANY(%(queues)s::text[])
            AND (job.scheduled_at IS NULL OR job.scheduled_at <= now()))
"""


@dataclass(frozen=True)
class Finding:
    """One thing that was looked at. `words` have figures, and are for operators."""

    what: str
    is_well: bool
    words: str

    def __str__(self) -> str:
        return f"{'ok' if self.is_well else 'NOT READY':<9} {self.what}: {self.words}"


def findings(lanes: Iterable[str] | None = None) -> list[Finding]:
    """All that this process can see, or what it sees of these lanes alone."""
    if lanes is not None:
        return list(asked(partial(jobs, name) for name in lanes))
    return [*asked([*(partial(jobs, name) for name in settings.LANES), spares]), places(), *media()]


def asked(questions: Iterable[Callable[[], Finding]]) -> Iterator[Finding]:
    """What the database says, as far as it does."""
    try:
        with public(), limited("health"):
            for question in questions:
                yield question()
    except DatabaseError:
        logger.exception("The database does not say how the workers and the spares are.")
        yield Finding("database", False, "does not answer")


def jobs(name: str) -> Finding:
    """Of a lane: a worker is there for all of its queues, and no job waits for longer than `late_seconds`."""
    lane = settings.LANES[name]
    with connection.cursor() as cursor:
        cursor.execute(LANE, {"queues": lane["queues"]})
        heartbeat, waiting = cursor.fetchone()
    lives = heartbeat is not None and heartbeat <= HEARTBEAT_SECONDS
    late = waiting is not None and waiting > lane["late_seconds"]
    seen = "no worker" if heartbeat is None else f"worker seen {heartbeat:.0f} s ago"
    oldest = "nothing waits" if waiting is None else f"the oldest job waits for {max(waiting, 0):.0f} s"
    return Finding(f"{name} jobs", lives and not late, f"{seen}, {oldest}")


def spares() -> Finding:
    number = Tenant.objects.spare().count()
    return Finding("spares", number > 0, f"{number} in stock")


def places() -> Finding:
    """Of this process alone."""
    free, waiting, seconds = turns().state()
    return Finding("places", seconds <= WAITING_SECONDS, f"{free} free, {waiting} wait, the first for {seconds:.0f} s")


def media() -> Iterator[Finding]:
    """Whether a picture can be kept. Storages that are no folder of this machine have alarms of their own."""
    if not isinstance(default_storage, FileSystemStorage):
        return
    folder = Path(settings.MEDIA_ROOT)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with TemporaryFile(dir=folder) as file:
            file.write(PROBE)
            file.flush()
        free = shutil.disk_usage(folder).free
    except OSError as error:
        yield Finding("media", False, f"{folder} cannot be written: {error.strerror}")
        return
    yield Finding("media", free >= settings.MEDIA_FREE_BYTES, f"{free / 1e6:.0f} MB free")


class Recent:
    """The findings of a moment ago, for all who ask within FRESH_SECONDS."""

    def __init__(self) -> None:
        self._at = float("-inf")
        self._found: list[Finding] = []

    def findings(self) -> list[Finding]:
        if monotonic() - self._at > FRESH_SECONDS:
            self._found = findings()
            self._at = monotonic()
            for found in self._found:
                if not found.is_well:
                    logger.warning("Not ready: %s, %s.", found.what, found.words)
        return self._found


recent = Recent()

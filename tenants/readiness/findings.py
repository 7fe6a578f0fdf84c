"""Readiness: whether all parts of this installation work, and which do not.

Pages are served while workers are dead, the stock of spares is empty, or a backup is stale. Operators have to hear of
these, and a load balancer must not take the product out of service for them: see `Finding.stops_traffic`.
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

from shared.capabilities.registry import imported
from tenants.context import public
from tenants.isolation.timeouts import limited
from tenants.models import Tenant
from tenants.serving.turns import turns

logger = logging.getLogger(__name__)

# A worker without a heartbeat for so long counts as dead (procrastinate's own limit).
HEARTBEAT_SECONDS = 30
# If a request waits longer than this for its turn, the process counts as overloaded.
WAITING_SECONDS = 5
PROBE = bytes(65_536)
# How long a process reuses its findings, so that frequent requests do not query the database each time.
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
    """The result of one check. `words` contain figures, for operators.

    `stops_traffic`: if it is not well, this process can serve no page, and gets no requests from load balancers.
    """

    what: str
    is_well: bool
    words: str
    stops_traffic: bool = False

    def __str__(self) -> str:
        return f"{self.word:<9} {self.what}: {self.words}"

    @property
    def word(self) -> str:
        return "ok" if self.is_well else "NOT READY" if self.stops_traffic else "ATTENTION"

    @property
    def serves(self) -> bool:
        return self.is_well or not self.stops_traffic


def findings(lanes: Iterable[str] | None = None) -> list[Finding]:
    """The results of all checks that this process can make, or of these lanes alone."""
    if lanes is not None:
        return list(asked(partial(jobs, name) for name in lanes))
    lanes_of_all = (partial(jobs, name) for name in settings.LANES)
    return [*asked([*lanes_of_all, spares, *imported("findings")]), places(), *media()]


def asked(questions: Iterable[Callable[[], Finding]]) -> Iterator[Finding]:
    """The results of the checks that need the database, until it fails to answer."""
    try:
        with public(), limited("health"):
            for question in questions:
                yield question()
    except DatabaseError:
        logger.exception("The state of workers and spares cannot be read from the database.")
        yield Finding("database", False, "does not answer", stops_traffic=True)


def jobs(name: str) -> Finding:
    """Checks a lane: a worker serves all of its queues, and no job waits longer than `late_seconds`."""
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
    """Checks this process alone: how long requests wait for their turn."""
    free, waiting, seconds = turns().state()
    return Finding(
        "places", seconds <= WAITING_SECONDS, f"{free} free, {waiting} wait, the first for {max(0, seconds):.0f} s"
    )


def media() -> Iterator[Finding]:
    """Checks whether uploads can be stored. Storages outside this machine's file system have their own monitoring."""
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
    """Findings that are reused for FRESH_SECONDS."""

    def __init__(self) -> None:
        self._found: list[Finding] = []
        self.forget()

    def forget(self) -> None:
        self._at = float("-inf")

    def findings(self) -> list[Finding]:
        if monotonic() - self._at > FRESH_SECONDS:
            self._found = findings()
            self._at = monotonic()
            for found in self._found:
                if not found.is_well:
                    logger.warning("%s: %s, %s.", found.word.capitalize(), found.what, found.words)
        return self._found


recent = Recent()

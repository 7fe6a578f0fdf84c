"""Counts the seconds of requests and jobs in memory, and adds them to the table once a minute.

A request counts as long as it has its place (tenants/serving/turns.py): waits for other requests do not, each part of
a streamed answer does.
"""

import atexit
import logging
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from math import isfinite
from threading import Lock
from time import monotonic, perf_counter

from django.conf import settings
from django.db import DatabaseError, connection, transaction

from shared.measures import observers
from tenants.context import public, schema_name

logger = logging.getLogger(__name__)

# In the order of the key, so that two processes that add at the same time wait for each other, and do not deadlock.
ADD = """
INSERT INTO costs_usage AS past (tenant_id, month, request_seconds, job_seconds)
SELECT tenant.id, date_trunc('month', now() AT TIME ZONE 'UTC')::date, requests, jobs
FROM unnest(%s::text[], %s::float8[], %s::float8[]) AS more (schema_name, requests, jobs)
JOIN tenants_tenant tenant USING (schema_name) ORDER BY tenant.id
ON CONFLICT (tenant_id, month) DO UPDATE SET
    request_seconds = past.request_seconds + EXCLUDED.request_seconds,
    job_seconds = past.job_seconds + EXCLUDED.job_seconds
"""
REQUESTS, JOBS = 0, 1


class Counts:
    """What this process has not written down yet: by schema, the seconds of requests and of jobs."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._seconds: defaultdict[str, list[float]] = defaultdict(lambda: [0.0, 0.0])
        self._written = monotonic()

    def add(self, schema: str, kind: int, seconds: float) -> None:
        with self._lock:
            self._seconds[schema][kind] += seconds

    def write_if_due(self) -> None:
        """Costs nothing but a look at the clock, in all requests of a minute but one."""
        if monotonic() - self._written > settings.COSTS_WRITE_SECONDS:
            self.write()

    def write(self) -> None:
        """If PostgreSQL does not take them, they are kept for the next time."""
        with self._lock:
            self._written = monotonic()
            found, self._seconds = self._seconds, defaultdict(lambda: [0.0, 0.0])
        if not found:
            return
        try:
            with public(), transaction.atomic(), connection.cursor() as cursor:
                cursor.execute(ADD, [list(found), *map(list, zip(*found.values(), strict=True))])
        except DatabaseError:
            logger.exception("The costs of %s organisations could not be written; they are kept.", len(found))
            for schema, seconds in found.items():
                self.add(schema, REQUESTS, seconds[REQUESTS])
                self.add(schema, JOBS, seconds[JOBS])


counts = Counts()


def observe(name: str, value: float, label: str) -> None:
    """An observer of shared/measures.py."""
    if name == "place":
        counts.add(label, REQUESTS, value)


def start() -> None:
    """Count from now on, and write down the rest when the process ends."""
    if observe not in observers:
        observers.append(observe)
        atexit.register(write_the_rest)


def write_the_rest() -> None:
    """At the end of the process. In tests, which never write by themselves, the database is gone by then."""
    if isfinite(settings.COSTS_WRITE_SECONDS):
        counts.write()


@contextmanager
def of_job(_task: str) -> Iterator[None]:
    start()
    began = perf_counter()
    try:
        yield
    finally:
        counts.add(schema_name(), JOBS, perf_counter() - began)
    counts.write_if_due()

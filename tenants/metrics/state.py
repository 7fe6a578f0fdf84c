"""What PostgreSQL knows of the whole installation, read anew by each scrape."""

import logging
from collections.abc import Iterable, Iterator
from typing import Any

from django.conf import settings
from django.db import DatabaseError, connection
from prometheus_client.core import GaugeMetricFamily as Gauge
from prometheus_client.metrics_core import Metric

from shared.capabilities.registry import imported
from tenants.context import public
from tenants.fingerprint import code_fingerprint
from tenants.isolation.timeouts import limited
from tenants.readiness.findings import LANE
from tenants.serving.working import working

logger = logging.getLogger(__name__)

ORGANISATIONS = """
SELECT state, CASE WHEN fingerprint = %s THEN 'current' ELSE 'behind' END, count(*) FROM tenants_tenant GROUP BY 1, 2
"""
JOBS = "SELECT queue_name, status::text, count(*) FROM procrastinate_jobs GROUP BY 1, 2"
# PostgreSQL tells the state of a login's own sessions alone.
SESSIONS = """
SELECT coalesce(state, 'of other logins'), count(*) FROM pg_stat_activity WHERE datname = current_database() GROUP BY 1
"""
MOST_SESSIONS = "SELECT current_setting('max_connections')::int - current_setting('reserved_connections')::int"


class State:
    """A collector: https://prometheus.github.io/client_python/collector/custom/"""

    def collect(self) -> Iterator[Metric]:
        """Without PostgreSQL only `tenants_database_up`, which is 0 then."""
        try:
            with working(None, "health"), public(), limited("health"):
                found = list(figures())
        except DatabaseError:
            logger.exception("The figures of the installation cannot be read from the database.")
            found = []
        yield Gauge("tenants_database_up", "Whether PostgreSQL answers.", value=bool(found))
        yield from found


def figures() -> Iterator[Metric]:
    yield counted(
        "tenants_organisations",
        "Organisations by state (spares too), and whether their schema is at the state of this code.",
        ["state", "schema"],
        rows(ORGANISATIONS, [code_fingerprint()]),
    )
    yield counted("tenants_jobs", "Jobs in the queue, by queue and status.", ["queue", "status"], rows(JOBS))
    yield from lanes()
    yield counted("tenants_database_connections", "Connections to this database.", ["state"], rows(SESSIONS))
    [(most,)] = rows(MOST_SESSIONS)
    yield Gauge("tenants_database_connections_most", "How many connections PostgreSQL allows.", value=most)
    yield counted(
        "tenants_finding_is_well",
        "What capabilities check, such as backups: 1 if it is in order, or else 0.",
        ["what"],
        [(found.what, int(found.is_well)) for found in (find() for find in imported("findings"))],
    )
    yield Gauge("tenants_spares_wanted", "How many spares are kept (SPARE_TENANTS).", value=settings.SPARE_TENANTS)


def lanes() -> Iterator[Metric]:
    """Of each lane of workers. A lane whose workers were never seen has no heartbeat."""
    ages = Gauge("tenants_queue_age_seconds", "How long the oldest job of a lane has been waiting.", labels=["lane"])
    late = Gauge("tenants_queue_late_seconds", "After how long a job of the lane is late (LANES).", labels=["lane"])
    seen = Gauge("tenants_worker_seen_seconds", "Time since a worker of the lane gave a sign.", labels=["lane"])
    for name, lane in settings.LANES.items():
        [(heartbeat, waiting)] = rows(LANE, {"queues": lane["queues"]})
        ages.add_metric([name], max(float(waiting or 0), 0))
        late.add_metric([name], lane["late_seconds"])
        if heartbeat is not None:
            seen.add_metric([name], float(heartbeat))
    yield from (ages, late, seen)


def counted(name: str, words: str, labels: list[str], found: Iterable[tuple[Any, ...]]) -> Metric:
    """A figure for each row, whose last column is the number."""
    family = Gauge(name, words, labels=labels)
    for *values, number in found:
        family.add_metric([str(value) for value in values], number)
    return family


def rows(statement: str, values: Any = None) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        return cursor.fetchall()

"""The figures that each process counts while it works. docs/operations.md says what each means."""

import os
from collections.abc import Callable

from prometheus_client import Counter, Gauge, Histogram, disable_created_metrics, values

from tenants.metrics.serving import FOLDER, place

# Both before the first figure is made, which reads them. When a figure was first counted is of no use to anyone.
disable_created_metrics()
if FOLDER in os.environ:
    values.ValueClass = values.MultiProcessValue(place)

SECONDS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30)

REQUESTS = Counter(
    "tenants_requests", "Answered requests, by view, status and the organisation's plan.", ["view", "status", "plan"]
)
REQUEST_SECONDS = Histogram("tenants_request_seconds", "Time to the answer, waits included.", ["view"], buckets=SECONDS)
IN_PROGRESS = Gauge("tenants_requests_in_progress", "Requests that are not answered yet.", multiprocess_mode="livesum")
TURN_WAIT_SECONDS = Histogram(
    "tenants_turn_wait_seconds", "Time that a request waited for its organisation's turn.", buckets=SECONDS
)
CROWDED = Counter("tenants_requests_refused", "Requests refused with 503, as too many of their organisation waited.")
SWITCHES = Counter("tenants_switches", "Times that a connection was set to another organisation, role or time limit.")
CONNECTIONS = Counter("tenants_connections_opened", "New connections to PostgreSQL.")
LIMITS = Counter("tenants_limits_hit", "Actions refused by a rate limit, by its name.", ["limit"])

OBSERVED: dict[str, Callable[[float, str], None]] = {
    "turn": lambda value, _label: TURN_WAIT_SECONDS.observe(value),
    "crowded": lambda value, _label: CROWDED.inc(value),
    "switch": lambda value, _label: SWITCHES.inc(value),
    "connection": lambda value, _label: CONNECTIONS.inc(value),
    "limit": lambda value, label: LIMITS.labels(label).inc(value),
}


def observe(name: str, value: float, label: str) -> None:
    """An observer of shared/measures.py."""
    if name in OBSERVED:
        OBSERVED[name](value, label)

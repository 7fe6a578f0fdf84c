"""Rate limits: actions are counted in PostgreSQL, so that all processes share the counts."""

from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from math import ceil
from typing import NamedTuple

from django.db import connection
from django.db.models.functions import Now
from django.utils.crypto import salted_hmac
from procrastinate.contrib.django import app

from shared.measures import measure
from tenants.current import public
from tenants.limits.models import Limit

# One statement, which locks the row while it counts: of fifty concurrent attempts, no more succeed than are allowed.
# https://www.postgresql.org/docs/current/transaction-iso.html#XACT-READ-COMMITTED
TAKE = """
INSERT INTO tenants_limit AS past (key, hits, expires)
VALUES (%(key)s, ARRAY[clock_timestamp()], clock_timestamp() + %(period)s * interval '1 second')
ON CONFLICT (key) DO UPDATE SET expires = EXCLUDED.expires, hits = EXCLUDED.hits || ARRAY(
    SELECT hit FROM unnest(past.hits) hit WHERE hit > clock_timestamp() - %(period)s * interval '1 second')
WHERE %(amount)s > (
    SELECT count(*) FROM unnest(past.hits) hit WHERE hit > clock_timestamp() - %(period)s * interval '1 second')
RETURNING hits[1], cardinality(hits), extract(epoch FROM
    hits[cardinality(hits)] + %(period)s * interval '1 second' - clock_timestamp())
"""
# Hits are stored newest first: once hit number `amount` has left the period, another one is allowed.
WAIT = """
SELECT extract(epoch FROM hits[%(amount)s] + %(period)s * interval '1 second' - clock_timestamp())
FROM tenants_limit WHERE key = %(key)s
"""
# Rows deleted per transaction.
BATCH = 5_000
GIVE_BACK = "UPDATE tenants_limit SET hits = array_remove(hits, %(at)s) WHERE key = %(key)s"


class Rate(NamedTuple):
    """At most `amount` times in any `period`, in seconds."""

    amount: int
    period: float


@dataclass(frozen=True)
class Hit:
    """One counted action: hit number `number` of the period, whose oldest hit expires in `renews` seconds."""

    key: bytes
    at: datetime
    number: int
    renews: float

    def give_back(self) -> None:
        """Remove this hit from the count: a successful attempt must not count as a failed one."""
        run(GIVE_BACK, {"key": self.key, "at": self.at})


class TooOften(Exception):
    """The limit is reached. `wait`: the seconds until the action is allowed again, rounded up."""

    def __init__(self, wait: float) -> None:
        super().__init__(f"This may be done again in {wait:.0f} seconds.")
        self.wait = max(1, ceil(wait))


def take(action: str, rate: Rate, *who: str) -> Hit:
    """Count an action of a person or address (`who`). Raises TooOften, and then counts nothing.

    Call it outside transactions that may fail: their rollback would remove the count.
    """
    values = {"key": key_of(action, rate, *who), "amount": rate.amount, "period": rate.period}
    if row := run(TAKE, values):
        return Hit(key_of(action, rate, *who), row[0], row[1], float(row[2]))
    # Swept or given back meanwhile: then it can be tried at once.
    measure("limit", label=action)
    row = run(WAIT, values)
    raise TooOften(float(row[0]) if row and row[0] is not None else 0)


def forget(action: str, rate: Rate, *who: str) -> None:
    """Reset a count to zero."""
    run("DELETE FROM tenants_limit WHERE key = %(key)s", {"key": key_of(action, rate, *who)})


def sweep() -> int:
    """Delete expired counts in batches; returns how many rows."""
    gone, past = 0, Limit.objects.filter(expires__lt=Now()).values("pk")[:BATCH]
    with public():
        while deleted := Limit.objects.filter(pk__in=past.all()).delete()[0]:
            gone += deleted
    return gone


def key_of(action: str, rate: Rate, *who: str) -> bytes:
    """A keyed hash that stands for an action of `who` in `public`, which stores no names."""
    # Each part is hashed first, so that no part can be mistaken for two.
    parts = (sha256(part.encode(errors="replace")).hexdigest() for part in (action, str(tuple(rate)), *who))
    return salted_hmac("tenants.limits", " ".join(parts), algorithm="sha256").digest()[:16]


def run(statement: str, values: dict) -> tuple | None:
    """Execute a statement in `public` and return its first row, or None."""
    with public(), connection.cursor() as cursor:
        cursor.execute(statement, values)
        return cursor.fetchone() if cursor.description else None


SWEEP = "tenants.sweep_limits"


@app.periodic(cron="*/10 * * * *")
@app.task(name=SWEEP, queueing_lock=SWEEP)
def sweep_limits(timestamp: int = 0) -> None:  # noqa: ARG001  what a periodic job is given
    """Delete expired counts."""
    sweep()

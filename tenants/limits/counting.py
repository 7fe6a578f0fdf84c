"""How often something may be done: counted in PostgreSQL, so that all processes count as one."""

from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from math import ceil
from typing import NamedTuple

from django.db import connection
from django.db.models.functions import Now
from django.utils.crypto import salted_hmac
from procrastinate.contrib.django import app

from tenants.current import public
from tenants.limits.models import Limit

# One statement, and the row is locked while it looks: of fifty at once, no more get through than may.
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
# The newest is first: once this one is out of the period, there is room again.
WAIT = """
SELECT extract(epoch FROM hits[%(amount)s] + %(period)s * interval '1 second' - clock_timestamp())
FROM tenants_limit WHERE key = %(key)s
"""
# Rows that are swept in one transaction.
BATCH = 5_000
GIVE_BACK = "UPDATE tenants_limit SET hits = array_remove(hits, %(at)s) WHERE key = %(key)s"


class Rate(NamedTuple):
    """At most `amount` times in any `period`, in seconds."""

    amount: int
    period: float


@dataclass(frozen=True)
class Hit:
    """One time that was counted. It is number `number` of its period, whose first one ends in `renews` seconds."""

    key: bytes
    at: datetime
    number: int
    renews: float

    def give_back(self) -> None:
        """Let it not have happened: what succeeds is no failed attempt."""
        run(GIVE_BACK, {"key": self.key, "at": self.at})


class TooOften(Exception):
    """It was done as often as may be. `wait`: in how many seconds it may be done again, rounded up."""

    def __init__(self, wait: float) -> None:
        super().__init__(f"This may be done again in {wait:.0f} seconds.")
        self.wait = max(1, ceil(wait))


def take(action: str, rate: Rate, *who: str) -> Hit:
    """Count that somebody does it. Raises TooOften, and then counts nothing.

    Call it outside transactions that may fail: what they counted would be forgotten.
    """
    values = {"key": key_of(action, rate, *who), "amount": rate.amount, "period": rate.period}
    if row := run(TAKE, values):
        return Hit(key_of(action, rate, *who), row[0], row[1], float(row[2]))
    # Swept or given back meanwhile: then it can be tried at once.
    row = run(WAIT, values)
    raise TooOften(float(row[0]) if row and row[0] is not None else 0)


def forget(action: str, rate: Rate, *who: str) -> None:
    """Count from nothing again."""
    run("DELETE FROM tenants_limit WHERE key = %(key)s", {"key": key_of(action, rate, *who)})


def sweep() -> int:
    """Delete what counts no more, some thousands at a time; returns how many rows."""
    gone, past = 0, Limit.objects.filter(expires__lt=Now()).values("pk")[:BATCH]
    with public():
        while deleted := Limit.objects.filter(pk__in=past.all()).delete()[0]:
            gone += deleted
    return gone


def key_of(action: str, rate: Rate, *who: str) -> bytes:
    """What stands for somebody in `public`, where nobody is named."""
    # Each part is hashed first, so that no part can pass for two.
    parts = (sha256(part.encode(errors="replace")).hexdigest() for part in (action, str(tuple(rate)), *who))
    return salted_hmac("tenants.limits", " ".join(parts), algorithm="sha256").digest()[:16]


def run(statement: str, values: dict) -> tuple | None:
    """The first row of what a statement returns, in `public`."""
    with public(), connection.cursor() as cursor:
        cursor.execute(statement, values)
        return cursor.fetchone() if cursor.description else None


SWEEP = "tenants.sweep_limits"


@app.periodic(cron="*/10 * * * *")
@app.task(name=SWEEP, queueing_lock=SWEEP)
def sweep_limits(timestamp: int = 0) -> None:  # noqa: ARG001  what a periodic job is given
    """Forget who did what how often, once it counts no more."""
    sweep()

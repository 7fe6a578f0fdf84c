"""How often something may be done: counted in PostgreSQL, so that all processes count as one."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address
from math import ceil
from typing import NamedTuple

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import connection, models
from django.db.models.functions import Now
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.crypto import salted_hmac

from tenants import context

# A provider gives a household or a server all of these: https://www.rfc-editor.org/rfc/rfc6177
IPV6_PREFIX = 64

# One statement, and the row is locked while it looks: of fifty at once, no more get through than may.
# https://www.postgresql.org/docs/current/transaction-iso.html#XACT-READ-COMMITTED
TAKE = """
INSERT INTO tenants_limit AS past (key, hits, expires)
VALUES (%(key)s, ARRAY[clock_timestamp()], clock_timestamp() + %(period)s * interval '1 second')
ON CONFLICT (key) DO UPDATE SET expires = EXCLUDED.expires, hits = EXCLUDED.hits || ARRAY(
    SELECT hit FROM unnest(past.hits) hit WHERE hit > clock_timestamp() - %(period)s * interval '1 second')
WHERE %(amount)s > (
    SELECT count(*) FROM unnest(past.hits) hit WHERE hit > clock_timestamp() - %(period)s * interval '1 second')
RETURNING hits[1]
"""
# The newest is first: once this one is out of the period, there is room again.
WAIT = """
SELECT extract(epoch FROM hits[%(amount)s] + %(period)s * interval '1 second' - clock_timestamp())
FROM tenants_limit WHERE key = %(key)s
"""
GIVE_BACK = "UPDATE tenants_limit SET hits = array_remove(hits, %(at)s) WHERE key = %(key)s"


class Limit(models.Model):
    """When somebody did something lately. It names nobody: the key is a keyed hash.

    Unlogged: a crash of PostgreSQL empties it, which costs no more than some attempts too many.
    """

    key = models.BinaryField(primary_key=True)
    hits = ArrayField(models.DateTimeField())
    expires = models.DateTimeField(db_index=True)

    class Meta:
        app_label = "tenants"

    def __str__(self) -> str:
        return f"{len(self.hits)} until {self.expires}"


class Rate(NamedTuple):
    """At most `amount` times in any `period`, in seconds."""

    amount: int
    period: float


@dataclass(frozen=True)
class Hit:
    """One time that was counted."""

    key: bytes
    at: datetime

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
        return Hit(key_of(action, rate, *who), row[0])
    # Swept or given back meanwhile: then it can be tried at once.
    row = run(WAIT, values)
    raise TooOften(float(row[0]) if row and row[0] is not None else 0)


def forget(action: str, rate: Rate, *who: str) -> None:
    """Count from nothing again."""
    run("DELETE FROM tenants_limit WHERE key = %(key)s", {"key": key_of(action, rate, *who)})


def sweep() -> int:
    """Delete what counts no more; returns how many rows."""
    with context.public():
        return Limit.objects.filter(expires__lt=Now()).delete()[0]


def key_of(action: str, rate: Rate, *who: str) -> bytes:
    """What stands for somebody in `public`, where nobody is named."""
    # Each part is hashed first, so that no part can pass for two.
    parts = (sha256(part.encode(errors="replace")).hexdigest() for part in (action, str(tuple(rate)), *who))
    return salted_hmac("tenants.limits", " ".join(parts), algorithm="sha256").digest()[:16]


def run(statement: str, values: dict) -> tuple | None:
    """The first row of what a statement returns, in `public`."""
    with context.public(), connection.cursor() as cursor:
        cursor.execute(statement, values)
        return cursor.fetchone() if cursor.description else None


# --- Requests -------------------------------------------------------------------------------------------------------


def count(request: HttpRequest, action: str, *, account: str) -> None:
    """Count that this request does it, for an account here, and for its address anywhere. Raises TooOften.

    How often each may is in the setting LIMITS. An account is whatever the organisation knows somebody by.
    """
    rates = settings.LIMITS[action]
    take(action, Rate(*rates["address"]), "address", client_address(request))
    take(action, Rate(*rates["account"]), "account", context.schema_name(), account.lower())


def client_address(request: HttpRequest) -> str:
    """Where a request comes from: an IPv4 address, or the network of an IPv6 address; "" if nobody knows.

    Of X-Forwarded-For only what our own proxies have written is believed: the last as many entries as there
    are proxies (TRUSTED_PROXY_COUNT).
    """
    proxies = settings.ALLAUTH_TRUSTED_PROXY_COUNT
    forwarded = request.headers.get("x-forwarded-for", "").split(",")[-proxies:] if proxies else []
    return next(filter(None, map(network, [*forwarded[:1], request.META.get("REMOTE_ADDR", "")])), "")


def network(text: str) -> str:
    """Whose address it is, as far as that can be told; "" if it is none."""
    try:
        address: IPv4Address | IPv6Address = ip_address(text.strip().strip("[]"))
    except ValueError:
        return ""
    if isinstance(address, IPv4Address):
        return str(address)
    if address.ipv4_mapped:
        return str(address.ipv4_mapped)
    return str(IPv6Network((int(address), IPV6_PREFIX), strict=False).network_address)


class LimitMiddleware:
    """Answers TooOften with the page that says so."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        return too_often(request, wait=error.wait) if isinstance(error, TooOften) else None


def too_often(request: HttpRequest, wait: int) -> HttpResponse:
    """The page for somebody who has to wait so many seconds."""
    response = render(request, "429.html", {"minutes": ceil(wait / 60)}, status=429)
    response["Retry-After"] = str(wait)
    return response

"""Limits for sign-in attempts; and allauth's own limits, counted in PostgreSQL for all processes."""

from math import ceil
from typing import Any

from allauth.core.internal import ratelimit
from django.conf import settings
from django.http import HttpRequest, HttpResponse

from tenants.context import schema_name
from tenants.limits import counting, middleware
from tenants.limits.addresses import client_address
from tenants.limits.counting import Hit, Rate, TooOften

A_WHILE = 60  # Seconds to wait if the exact time is not known.


class Attempt:
    """An attempt to sign in. It counts as failed until it is rolled back. Raises TooOften.

    A network address may fail a few times for one account, and a few times more for other accounts, in all
    organisations. An account that fails from many addresses is under attack: from then on each address has fewer
    attempts, but not none, so the member can still sign in. No one can lock another person out.
    """

    def __init__(self, request: HttpRequest, account: str) -> None:
        address = client_address(request)
        self.hits = [counting.take("sign_in", rate("address"), "address", address)]
        try:
            self.take(rate("account_from_address"), account, address)
            self.take_under_attack(account, address)
        except TooOften:
            # Only the network address's attempt is counted.
            self.give_back(self.hits[1:])
            raise

    def take(self, often: Rate, *who: str) -> None:
        self.hits.append(counting.take("sign_in", often, schema_name(), *who))

    def take_under_attack(self, account: str, address: str) -> None:
        try:
            self.take(rate("account"), account)
        except TooOften:
            self.take(rate("account_under_attack"), account, address)

    def rollback(self) -> None:
        """The attempt succeeded. allauth calls it by this name."""
        self.give_back(self.hits)

    def give_back(self, hits: list[Hit]) -> None:
        for hit in hits:
            hit.give_back()


def rate(name: str) -> Rate:
    return Rate(*settings.LIMITS["sign_in"][name])


def forget_attempts(request: HttpRequest, account: str) -> None:
    """Reset the count of a member who has used a link from a mail."""
    address = client_address(request)
    counting.forget("sign_in", rate("account"), schema_name(), account)
    counting.forget("sign_in", rate("account_from_address"), schema_name(), account, address)
    counting.forget("sign_in", rate("account_under_attack"), schema_name(), account, address)


def take_for(action: str, pk: int) -> None:
    """Count something done for a member, by any requester. Raises TooOften."""
    counting.take(action, Rate(*settings.LIMITS[action]["account"]), "account", schema_name(), str(pk))


# --- allauth's own --------------------------------------------------------------------------------------------------


class Usage:
    """What allauth rolls back after an attempt has succeeded."""

    def __init__(self, hit: Hit | None) -> None:
        self.hit = hit

    def rollback(self) -> None:
        if self.hit:
            self.hit.give_back()


def consume(request: HttpRequest, *, dry_run: bool = False, raise_exception: bool = False, **what: Any) -> Usage | None:
    """Replaces allauth's `_consume_single_rate`, which counts in the cache, separately in each process."""
    try:
        hit = counting.take(action(what), rate_of(what), *who(request, **what))
    except TooOften as error:
        request.wait = error.wait  # type: ignore[attr-defined]
        if raise_exception:
            raise ratelimit.RateLimited from error
        return None
    if dry_run:
        hit.give_back()
    return Usage(None if dry_run else hit)


def clear(
    request: HttpRequest, *, app: str, action: str, config: Any = None, key: Any = None, user: Any = None
) -> None:
    """Replaces allauth's function of the same name."""
    for each in ratelimit.get_rates(app=app, action=action, config=config):
        what = {"app": app, "action": action, "rate": each, "key": key, "user": user}
        counting.forget(f"{app}:{action}", rate_of(what), *who(request, **what))


def action(what: dict[str, Any]) -> str:
    return f"{what['app']}:{what['action']}"


def rate_of(what: dict[str, Any]) -> Rate:
    return Rate(what["rate"].amount, what["rate"].duration)


def who(request: HttpRequest, *, rate: ratelimit.Rate, key: Any = None, user: Any = None, **_what: Any) -> list[str]:
    """The key that is counted: a network address in all organisations, or a member or key within this one."""
    if rate.per == "ip":
        return ["address", client_address(request)]
    if rate.per == "user":
        return ["user", schema_name(), str((user or request.user).pk)]
    return ["key", schema_name(), str(key)]


def wait(request: HttpRequest) -> int:
    """Seconds until allauth's limits allow this request again."""
    return ceil(getattr(request, "wait", A_WHILE))


def too_often(request: HttpRequest) -> HttpResponse:
    """allauth's answer beyond a limit (handler429)."""
    return middleware.too_often(request, wait=wait(request))


def connect() -> None:
    """Make allauth count here. It has no setting for this; tests/security/test_limits.py fails if it changes."""
    ratelimit._consume_single_rate = consume
    ratelimit.clear = clear

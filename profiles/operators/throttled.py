"""Which limits an organisation has reached, and which organisations have reached one."""

from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta

from django.conf import settings
from django.db.models.functions import Now
from django.utils import timezone

from tenants.context import public
from tenants.limits.counting import Rate, key_of
from tenants.limits.models import Limit
from tenants.models import Tenant

SHOWN = 50


def rates() -> dict[str, Rate]:
    """The limits of whole organisations, by their names in LIMITS."""
    return {name: Rate(*each["organisation"]) for name, each in settings.LIMITS.items() if "organisation" in each}


def keys_of(tenant: Tenant) -> Iterator[tuple[bytes, str, Rate]]:
    for name, rate in rates().items():
        for who in ((tenant.schema_name,), ("organisation", tenant.schema_name)):
            yield key_of(name, rate, *who), name, rate


def is_reached(hits: Iterable[datetime], rate: Rate) -> bool:
    since = timezone.now() - timedelta(seconds=rate.period)
    return sum(hit > since for hit in hits) >= rate.amount


def throttled(tenant: Tenant) -> list[str]:
    """The names in LIMITS of what the whole organisation may not do at the moment. One statement."""
    keys = {key: (name, rate) for key, name, rate in keys_of(tenant)}
    with public():
        hits = {bytes(each.key): each.hits for each in Limit.objects.filter(key__in=list(keys))}
    return [name for key, (name, rate) in keys.items() if is_reached(hits.get(key, ()), rate)]


def all_throttled() -> list[tuple[Tenant, list[str]]]:
    """The same for all organisations: at most SHOWN of them. Two statements.

    A count does not say whose it is. So the keys of all organisations are made, if there is a count that is as high as
    the lowest limit: 60 µs for each organisation.
    """
    least = min((rate.amount for rate in rates().values()), default=0)
    with public():
        full = {
            bytes(key): hits
            for key, hits in Limit.objects.filter(expires__gt=Now(), hits__len__gte=least).values_list("key", "hits")
        }
        tenants = Tenant.objects.active().order_by("slug").iterator() if full else ()
        found = ((tenant, reached(tenant, full)) for tenant in tenants)
        return [pair for pair, _ in zip((pair for pair in found if pair[1]), range(SHOWN), strict=False)]


def reached(tenant: Tenant, full: dict[bytes, list[datetime]]) -> list[str]:
    return [name for key, name, rate in keys_of(tenant) if key in full and is_reached(full[key], rate)]

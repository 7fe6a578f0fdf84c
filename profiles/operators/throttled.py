"""Which limits an organisation has reached."""

from datetime import timedelta

from django.conf import settings
from django.utils import timezone

from tenants.context import public
from tenants.limits.counting import Rate, key_of
from tenants.limits.models import Limit
from tenants.models import Tenant


def throttled(tenant: Tenant) -> list[str]:
    """The names in LIMITS of what the whole organisation may not do at the moment. One statement."""
    rates = {name: Rate(*each["organisation"]) for name, each in settings.LIMITS.items() if "organisation" in each}
    keys = {
        key_of(name, rate, *who): (name, rate)
        for name, rate in rates.items()
        for who in ((tenant.schema_name,), ("organisation", tenant.schema_name))
    }
    with public():
        hits = {bytes(each.key): each.hits for each in Limit.objects.filter(key__in=list(keys))}
    now = timezone.now()
    return [
        name
        for key, (name, rate) in keys.items()
        if sum(hit > now - timedelta(seconds=rate.period) for hit in hits.get(key, ())) >= rate.amount
    ]

"""Counts every organisation, some at a time, and stores the figures in `public`."""

import logging
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db import DatabaseError, connection, transaction
from django.db.models import Count, Max, Q
from django.db.models.functions import Greatest
from django.utils import timezone

from profiles.models import User
from profiles.operators.models import Census
from profiles.roles import Role
from shared.capabilities.registry import census
from tenants.context import public, within
from tenants.models import Tenant
from tenants.schemas.sizes import sizes_of
from tenants.storage import bytes_used

logger = logging.getLogger(__name__)

# Organisations per transaction, so that a killed census has lost little.
BATCH = 50
FAILED = """
SELECT args ->> 'schema_name', count(*) FROM procrastinate_jobs
WHERE status = 'failed' AND args ? 'schema_name' GROUP BY 1
"""
UPDATED = [field.name for field in Census._meta.concrete_fields if not field.primary_key]


def take() -> int:
    """Count all organisations that this code can serve; returns how many were counted."""
    with public():
        with connection.cursor() as cursor:
            cursor.execute(FAILED)
            failed = dict(cursor.fetchall())
        keys = list(Tenant.objects.organisations().complete().order_by("pk").values_list("pk", flat=True))
    return sum(count_some(keys[at : at + BATCH], failed) for at in range(0, len(keys), BATCH))


@transaction.atomic
def count_some(keys: Sequence[int], failed: dict[str, int]) -> int:
    with public():
        tenants = list(Tenant.objects.filter(pk__in=keys))
        sizes = sizes_of([tenant.schema_name for tenant in tenants])
    found = [each for tenant in tenants if (each := counted(tenant))]
    for each in found:
        each.schema_bytes = sizes.get(each.tenant.schema_name, 0)
        each.failed_jobs = failed.get(each.tenant.schema_name, 0)
    with public():
        Census.objects.bulk_create(found, update_conflicts=True, unique_fields=["tenant"], update_fields=UPDATED)
    return len(found)


def counted(tenant: Tenant) -> Census | None:
    """The figures that are found within the organisation; None if it was removed or changed in this moment."""
    try:
        with transaction.atomic(), within(tenant):
            more = {name: count() for name, count in census().items()}
            return Census(tenant=tenant, at=timezone.now(), file_bytes=bytes_used(), more=more, **people())
    except (DatabaseError, OSError):
        logger.exception("%s could not be counted.", tenant.schema_name)
        return None


def people() -> dict[str, Any]:
    """Of the current organisation."""
    return User.objects.active().aggregate(
        members=Count("pk"),
        owners=Count("pk", filter=Q(role=Role.OWNER)),
        last_seen=Max(Greatest("last_seen", "last_login")),
    )


def oldest() -> datetime | None:
    """Since when no figure has been counted anew: the age of the oldest one."""
    with public():
        return Census.objects.order_by("at").values_list("at", flat=True).first()

"""Tenants made ahead, so that signing up changes rows only."""

from django.conf import settings
from django.db import transaction

from tenants.context import public
from tenants.models import Tenant
from tenants.template import replay


@transaction.atomic
def make_spare() -> Tenant:
    """Make one tenant that nobody has yet, whole or not at all. Raises TemplateStale before `migrate` has
    run.
    """
    with public():
        tenant = Tenant()
        replay(tenant)
        tenant.save()
        return tenant


def claim_spare() -> Tenant:
    """Take a spare for oneself, in the caller's transaction; with none left, one is made on the spot.

    Two who claim at once get two different ones, and neither waits for the other.
    """
    with public():
        spares = Tenant.objects.spare().select_for_update(skip_locked=True).order_by("pk")
        return spares.first() or make_spare()


def top_up() -> int:
    """Make spares until SPARE_TENANTS are there, each in a transaction of its own. Returns how many were
    made.
    """
    with public():
        missing = max(0, settings.SPARE_TENANTS - Tenant.objects.spare().count())
    for _ in range(missing):
        make_spare()
    return missing

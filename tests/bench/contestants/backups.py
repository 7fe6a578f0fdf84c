"""Backups: of how many seconds each is, by COPY and by pg_dump, among few organisations and among many."""

from django.conf import settings

from profiles.backups.taking import back_up
from profiles.models import Profile
from tenants.context import public, within
from tenants.models import Tenant
from tests.bench.contestants.base import timed

WAYS = ("copy", "pg_dump")


def seconds_of_backups(rounds: int) -> dict[str, list[float]]:
    """By way. Each organisation has changed since its last backup, so that its rows are written."""
    with public():
        tenants = list(Tenant.objects.organisations().order_by("-pk")[: rounds + 1])
    found: dict[str, list[float]] = {way: [] for way in WAYS}
    for number, tenant in enumerate(tenants):
        for way in WAYS:
            settings.BACKUP_WITH = way
            with within(tenant):
                Profile.objects.update(bio=f"Backed up by {way}")
            with timed() as seconds:
                back_up(tenant)
            if number:  # What a process loads once does not count.
                found[way] += seconds
    return found

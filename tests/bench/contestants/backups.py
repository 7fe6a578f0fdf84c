"""Backups: of how many seconds each is, by COPY and by pg_dump, among few organisations and among many."""

from django.conf import settings
from django.db import connection

from profiles.backups.taking import back_up
from profiles.models import Profile
from tenants.context import public, within
from tenants.models import Tenant
from tests.bench.contestants.base import timed

WAYS = ("copy", "pg_dump")
# What this connection has read, of what is in memory and of what is not. No other work on the machine changes it.
PAGES = "SELECT pg_stat_force_next_flush(), sum(hits) + sum(reads) FROM pg_stat_get_backend_io(pg_backend_pid())"


def seconds_of_backups(rounds: int) -> dict[str, list[float]]:
    """By way, and pages by COPY. Each organisation has changed since its last backup, so that its rows are written."""
    with public():
        tenants = list(Tenant.objects.organisations().order_by("-pk")[: rounds + 1])
    found: dict[str, list[float]] = {way: [] for way in (*WAYS, "pages")}
    for number, tenant in enumerate(tenants):
        for way in WAYS:
            settings.BACKUP_WITH = way
            with within(tenant):
                Profile.objects.update(bio=f"Backed up by {way}")
            before = pages()
            with timed() as seconds:
                back_up(tenant)
            if number:  # What a process loads once does not count.
                found[way] += seconds
                found["pages"] += [pages() - before] if way == "copy" else []
    return found


def pages() -> float:
    with public(), connection.cursor() as cursor:
        cursor.execute(PAGES)
        return float(cursor.fetchone()[1])

"""What is due: backups, trials, and deletion at night."""

from datetime import timedelta

from django.conf import settings
from django.db.models import Exists, F, Max, OuterRef, Q, QuerySet
from django.utils import timezone

from profiles.backups.models import Backup, Vault
from tenants.context import public
from tenants.models import Tenant

# What is queued at a time.
BATCH = 100
WEEK = timedelta(days=7)
# A backup that failed is tried again after so long.
AGAIN = timedelta(hours=1)


def organisations() -> "QuerySet[Tenant]":
    """Those that are backed up."""
    return Tenant.objects.organisations().filter(is_sandbox=False)


def due() -> list[Tenant]:
    """Those whose last backup is too old, the oldest first; not those where one was tried a moment ago."""
    if not settings.BACKUP_EVERY_HOURS:
        return []
    now = timezone.now()
    tried = Backup.objects.filter(vault__tenant=OuterRef("pk"), moment__gt=now - AGAIN)
    last = Max("vault__backups__moment", filter=Q(vault__backups__state=Backup.State.DONE))
    old = Q(last=None) | Q(last__lt=now - timedelta(hours=settings.BACKUP_EVERY_HOURS))
    with public():
        found = organisations().alias(last=last).filter(old).exclude(Exists(tried))
        return list(found.order_by(F("last").asc(nulls_first=True), "pk")[:BATCH])


def to_be_tried() -> list[Backup]:
    """The newest backup of each organisation of which none was tried for a week."""
    tried = Backup.objects.filter(vault=OuterRef("pk"), verified__gt=timezone.now() - WEEK)
    with public():
        vaults = Vault.objects.exclude(Exists(tried)).filter(tenant__in=organisations())
        newest = (vault.backups.done().order_by("-moment").first() for vault in vaults.order_by("pk")[: 10 * BATCH])
        return [backup for backup in newest if backup and not backup.verified][:BATCH]

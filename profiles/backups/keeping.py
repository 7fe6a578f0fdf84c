"""How long backups are kept: forget_old(), each night; and forget_all(), with the organisation."""

from datetime import timedelta

from django.conf import settings
from django.utils import timezone

from profiles.backups.models import Backup, Vault
from profiles.backups.taking import manifest_of
from profiles.backups.vaults import Store, alone
from tenants.context import public
from tenants.models import Tenant


def forget_old(vault: Vault) -> int:
    """Delete backups that are older than BACKUP_KEPT_DAYS, but never the newest one that is done; returns how many.

    Then what no backup names: content of files, and what a killed process has left. Raises Busy, and CannotRestore if
    a manifest cannot be read: what it names is unknown, so nothing is deleted.
    """
    with alone(vault), public():
        newest = list(vault.backups.done().order_by("-moment").values_list("pk", flat=True)[:1])
        since = timezone.now() - timedelta(days=settings.BACKUP_KEPT_DAYS)
        old = list(vault.backups.exclude(pk__in=newest).filter(moment__lt=since).values_list("pk", flat=True))
        Backup.objects.filter(pk__in=old).delete()
        sweep(vault)
    return len(old)


def sweep(vault: Vault) -> None:
    store = Store(vault)
    done = list(vault.backups.done())
    named = {backup.dump for backup in done} | {backup.manifest_name for backup in done}
    if store.names("files"):
        named |= {store.name_of(file.sha256) for backup in done if backup.files for file in manifest_of(backup).files}
    store.delete(*(name for folder in store.folders() for name in store.names(folder) if name not in named))


def forget_all(tenant: Tenant) -> None:
    """The key first: from then on, no copy that is left anywhere can be read. Then the files."""
    with public():
        vault = Vault.objects.filter(tenant=tenant).first()
        if vault is None:
            return
        vault.delete()
    store = Store(vault)
    for folder in store.folders():
        store.delete(*store.names(folder), folder)

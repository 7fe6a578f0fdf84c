"""In `public`: the key of each organisation's backups, the backups, and sandboxes. Nothing here names a person."""

import secrets
from datetime import datetime
from typing import Self

from django.db import models
from django.utils import timezone

from tenants.context import public
from tenants.models import Tenant


def random_folder() -> str:
    return "b_" + secrets.token_hex(8)


class Vault(models.Model):
    """Where the backups of an organisation are, and the key that opens them, encrypted with ENCRYPTION_KEYS.

    Without this row they are noise, wherever copies of them are.
    """

    tenant = models.OneToOneField(Tenant, models.CASCADE, related_name="vault")
    folder = models.CharField(max_length=18, unique=True, default=random_folder)
    key = models.CharField(max_length=300)

    def __str__(self) -> str:
        return self.folder


class BackupQuerySet(models.QuerySet["Backup"]):
    def done(self) -> Self:
        return self.filter(state=Backup.State.DONE)

    def at(self, moment: datetime) -> Self:
        """Those of this moment and before, the newest first."""
        return self.done().filter(moment__lte=moment).order_by("-moment", "-pk")


class Backup(models.Model):
    """One organisation at one moment. Only what is `done` counts."""

    class State(models.TextChoices):
        RUNNING = "running"
        DONE = "done"
        FAILED = "failed"

    vault = models.ForeignKey(Vault, models.CASCADE, related_name="backups")
    state = models.CharField(max_length=7, choices=State.choices, default=State.RUNNING)
    # When it began, and then of which moment its rows are.
    moment = models.DateTimeField(default=timezone.now)
    # SHA-256 of the sealed manifest, which has those of everything else.
    sha256 = models.CharField(max_length=64, blank=True)
    # The name of the dump: that of an earlier backup, as long as nothing has changed.
    dump = models.CharField(max_length=40, blank=True)
    # Of the dump, sealed; files are stored once for all backups.
    bytes = models.BigIntegerField(default=0)
    files = models.PositiveIntegerField(default=0)
    # Why it failed.
    reason = models.CharField(max_length=500, blank=True)
    # When it was restored for a test, and what was not the same then.
    verified = models.DateTimeField(null=True)
    faults = models.CharField(max_length=500, blank=True)

    objects = BackupQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["vault", "-moment"], name="backup_newest")]
        constraints = [
            models.CheckConstraint(
                condition=~models.Q(state="done") | models.Q(sha256__regex="^[0-9a-f]{64}$"), name="backup_done_has_sum"
            )
        ]

    def __str__(self) -> str:
        return f"{self.moment:%Y-%m-%d %H:%M}, {self.state}"

    @property
    def manifest_name(self) -> str:
        return f"manifests/{self.pk}"


class Sandbox(models.Model):
    """The sandbox of an organisation, and the time of the backup that it was made from."""

    tenant = models.OneToOneField(Tenant, models.CASCADE, primary_key=True, related_name="sandbox_copy")
    of = models.OneToOneField(Tenant, models.CASCADE, related_name="sandbox")
    moment = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.tenant_id} of {self.of_id}"


def comparable(tenant: Tenant) -> Sandbox | None:
    """The organisation's sandbox, unless its migrations are those of another version."""
    with public():
        found = Sandbox.objects.select_related("tenant", "of").filter(of=tenant).first()
    return found if found and found.tenant.is_complete else None

"""The operators' list of organisations says whose backups need a person, and finds them."""

from datetime import timedelta

from django.utils import timezone

from profiles.backups.models import Backup, Vault
from profiles.testing import needs
from tenants.context import public


@needs("profiles.operators")
def test_operator_finds_whose_backups_failed(operator, acme, settings):
    def found(backup: str) -> str:
        return operator.get("/console/organisations/", {"q": "acme", "backup": backup}).text

    def said() -> str:
        return operator.get(f"/console/organisations/{acme.pk}/").text

    assert "None yet" in said()
    hour = timezone.now() - timedelta(hours=1)
    with public():
        vault = Vault.objects.create(tenant=acme)
        done = Backup.objects.create(vault=vault, state="done", sha256="a" * 64, moment=hour)
    assert "Not verified yet" in said()
    assert "No organisation matches" in found("failed")
    with public():
        Backup.objects.create(vault=vault, state="failed", reason="The disk is full.")
    assert "acme.localhost" in found("failed")
    assert "No organisation matches" in found("stale")
    with public():
        Backup.objects.filter(state="failed").delete()
        done.moment = timezone.now() - timedelta(days=3)
        done.faults = "profiles_user: 3 rows before, 2 rows now"
        done.verified = hour
        done.save()
    assert "Faulty in its trial" in said()
    assert "acme.localhost" in found("faulty")
    assert "acme.localhost" in found("stale")
    settings.BACKUP_EVERY_HOURS = 0
    assert "No organisation matches" in found("stale"), "None are scheduled."

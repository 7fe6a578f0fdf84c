"""Encrypts the secrets of all apps with the first of ENCRYPTION_KEYS."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from shared.capabilities.registry import call
from shared.encryption import UnreadableSecret
from tenants.context import public, within
from tenants.models import Tenant


class Command(BaseCommand):
    help = (
        "Encrypts what apps keep encrypted with the first of ENCRYPTION_KEYS, in all organisations. "
        "Afterwards the other keys can be taken out of the setting."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        with public():
            tenants = list(Tenant.objects.standing().exclude(slug=None).order_by("pk"))
        changed, failed = 0, []
        for tenant in tenants:
            try:
                with within(tenant):
                    changed += sum(call("reencrypt"))
            except UnreadableSecret as error:
                failed.append(f"{tenant.slug}: {error}")
        self.stdout.write(f"Secrets encrypted anew: {changed}, in {len(tenants)} organisations.")
        if failed:
            raise CommandError("Keep the old keys in ENCRYPTION_KEYS. These failed:\n" + "\n".join(failed))

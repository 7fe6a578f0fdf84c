"""Organisations are backed up, each by itself, restored beside themselves, compared, and put back."""

from pathlib import Path
from typing import Any

from django.core.exceptions import ImproperlyConfigured
from django.utils.translation import gettext_lazy as _

from shared.capabilities.base import Capability, Link, Slot
from tenants.object_storage.apps import storage_of

ROOT = Path(__file__).resolve().parents[2]


class BackupsConfig(Capability):
    name = "profiles.backups"
    lives_in = "public"  # what has to be there while an organisation is not
    requires = ("profiles.exports", "tenants.object_storage")
    reencrypt = "profiles.backups.vaults.rewrap"
    tenant_urls = "profiles.backups.urls"
    not_for_support = ("sandbox", "sandbox_rows", "take_from_sandbox")
    rights = {"take_over_from_sandbox": "profiles.backups.rights.takes_over"}
    settings_pages = (
        Link(
            url_name="sandbox",
            group="data",
            label=_("Sandbox"),
            icon="clock",
            may="take_over_from_sandbox",
            order=87,
            also=("take_from_sandbox",),
        ),
    )
    middleware = ("profiles.backups.middleware.SandboxMiddleware",)
    lanes = {"backups": {"queues": ["backups"], "concurrency": 1, "late_seconds": 86_400}}
    slots = {"banner": (Slot(template="profiles/sandbox_banner.html", context="profiles.backups.banner.context"),)}
    findings = ("profiles.backups.state.finding",)
    operator_columns = ("profiles.backups.operating.BACKUP", "profiles.backups.operating.IN_FILE")
    operator_filters = ("profiles.backups.operating.BY_BACKUP",)
    audit_kinds = {
        "organisation.sandbox_asked": _("Operators asked for a sandbox of the organisation"),
        "organisation.restored": _("Organisation replaced by its sandbox"),
        "organisation.sandbox_discarded": _("Operators removed the sandbox"),
        "organisation.rows_restored": _("Single rows and files taken over from the sandbox"),
    }

    @classmethod
    def settings(cls, env: Any) -> dict[str, Any]:
        """Raises ImproperlyConfigured for numbers that mean nothing."""
        found = {
            "BACKUP_EVERY_HOURS": env.int("BACKUP_EVERY_HOURS", 24),
            "BACKUP_KEPT_DAYS": env.int("BACKUP_KEPT_DAYS", 30),
        }
        for name, least in {"BACKUP_EVERY_HOURS": 0, "BACKUP_KEPT_DAYS": 1}.items():
            if found[name] < least:
                raise ImproperlyConfigured(f"{name} is {found[name]}. It has to be {least} at least.")
        way = env.str("BACKUP_WITH", "copy")
        if way not in ("copy", "pg_dump"):
            raise ImproperlyConfigured(f"BACKUP_WITH is {way!r}. It has to be copy or pg_dump.")
        return found | {"BACKUP_WITH": way, "PG_DUMP": env.str("PG_DUMP", "")}

    @classmethod
    def storages(cls, env: Any) -> dict[str, Any]:
        """A bucket, or a folder. Raises ImproperlyConfigured for an address that is none."""
        url = env.str("BACKUP_URL", "")
        if "://" in url:
            return {"backups": storage_of(url, "BACKUP_URL")}
        folder = str(ROOT / (url or "var/backups"))
        return {"backups": {"BACKEND": "tenants.storage.TenantStorage", "OPTIONS": {"location": folder}}}

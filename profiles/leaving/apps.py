"""Owners delete their organisation, and can still keep it for some days. Operators hold it and get a certificate."""

from typing import Any

from django.core.exceptions import ImproperlyConfigured
from django.utils.translation import gettext_lazy as _

from shared.capabilities.base import Capability, Link, Slot


class LeavingConfig(Capability):
    name = "profiles.leaving"
    lives_in = "public"  # about an organisation that is suspended or removed
    tenant_urls = "profiles.leaving.urls"
    public_urls = "profiles.leaving.public_urls"
    not_for_support = ("delete_organisation",)
    settings_pages = (
        Link(
            url_name="delete_organisation",
            group="data",
            label=_("Delete organisation"),
            icon="warning",
            may="delete_organisation",
            order=95,
        ),
    )
    slots = {
        "suspended": (Slot(template="profiles/leaving_notice.html", context="profiles.leaving.cards.suspended"),),
    }
    operator_actions = (
        "profiles.leaving.operating.SCHEDULE",
        "profiles.leaving.operating.CALL_OFF",
        "profiles.leaving.operating.HASTEN",
        "profiles.leaving.operating.HOLD",
    )
    audit_kinds = {
        "console.schedule_deletion": _("Deletion scheduled"),
        "console.cancel_deletion": _("Deletion cancelled"),
        "console.delete_now": _("Deletion begun without waiting longer"),
        "console.hold": _("Legal hold set or released"),
    }
    rights = {"delete_organisation": "profiles.leaving.rights.deletes_organisation"}

    @classmethod
    def settings(cls, env: Any) -> dict[str, Any]:
        days = env.int("LEAVING_DAYS", 30)
        if days < 1:
            raise ImproperlyConfigured(f"LEAVING_DAYS is {days}. It has to be 1 at least.")
        return {"LEAVING_DAYS": days}

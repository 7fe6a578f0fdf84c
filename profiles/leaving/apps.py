"""Owners delete their organisation, and can keep it for some time; operators hold it, and have a certificate."""

from typing import Any

from django.core.exceptions import ImproperlyConfigured

from shared.capabilities.base import Capability, Slot


class LeavingConfig(Capability):
    name = "profiles.leaving"
    lives_in = "public"  # what is about an organisation that is suspended, or gone
    tenant_urls = "profiles.leaving.urls"
    public_urls = "profiles.leaving.public_urls"
    slots = {
        "settings": (Slot(template="profiles/leaving_card.html", context="profiles.leaving.cards.settings", order=90),),
        "suspended": (Slot(template="profiles/leaving_notice.html", context="profiles.leaving.cards.suspended"),),
    }
    rights = {"delete_organisation": "profiles.leaving.rights.deletes_organisation"}

    @classmethod
    def settings(cls, env: Any) -> dict[str, Any]:
        days = env.int("LEAVING_DAYS", 30)
        if days < 1:
            raise ImproperlyConfigured(f"LEAVING_DAYS is {days}. It has to be 1 at least.")
        return {"LEAVING_DAYS": days}

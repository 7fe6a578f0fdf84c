"""Notifications of members: stores those from tenants.notices.notify(), shows them, and mails unread ones."""

from typing import Any

from django.core.exceptions import ImproperlyConfigured
from django.utils.translation import gettext_lazy as _

from shared.capabilities.base import Capability, Link, Slot


class NoticesConfig(Capability):
    name = "profiles.notices"
    tenant_urls = "profiles.notices.urls"
    account_pages = (
        Link(
            url_name="notice_preferences",
            group="profile",
            label=_("Notifications"),
            icon="bell",
            menu=True,
            order=58,
        ),
    )
    slots = {"header": (Slot(template="profiles/bell.html", context="profiles.notices.bell.context", order=10),)}
    viewer_facts = {"unread_notices": "profiles.notices.bell.unread"}
    css = ("profiles/css/notices.css",)
    js = ("profiles/js/notices.js",)
    demo = "profiles.notices.demo.write"
    exports = {"notices.Notice.to": "mine", "notices.Preference.member": "mine"}
    row_names = {"notices.Notice": _("Notifications"), "notices.Preference": _("Notification settings")}
    row_words = {"notices.Notice": ("to", "sentence"), "notices.Preference": ("member", "kind")}

    @classmethod
    def settings(cls, env: Any) -> dict[str, Any]:
        days = env.int("NOTICES_KEPT_DAYS", 90)
        if days < 1:
            raise ImproperlyConfigured(f"NOTICES_KEPT_DAYS is {days}. It has to be 1 at least.")
        return {"NOTICES_KEPT_DAYS": days}

"""Announcements of the operators, above the pages of all or some organisations."""

from django.utils.translation import gettext_lazy as _

from shared.capabilities.base import Capability, Link, Slot


class AnnouncementsConfig(Capability):
    name = "profiles.announcements"
    lives_in = "public"
    requires = ("profiles.operators",)
    tenant_urls = "profiles.announcements.urls"
    operator_urls = "profiles.announcements.operator_urls"
    operator_pages = (
        Link(url_name="announcements", label=_("Announcements"), icon="send", may="see_console", order=20),
    )
    slots = {
        "banner": (
            Slot(
                template="profiles/announcement_banner.html", context="profiles.announcements.shown.context", order=10
            ),
        )
    }
    rights = {"announce": "profiles.announcements.rights.announces"}
    audit_kinds = {
        "console.announced": _("Announcement made"),
        "console.announcement_changed": _("Announcement changed"),
        "console.announcement_ended": _("Announcement ended"),
    }

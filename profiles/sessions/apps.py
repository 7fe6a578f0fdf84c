"""The list of a member's sessions, and signing out of them."""

from django.utils.translation import gettext_lazy as _

from shared.capabilities.base import Capability, Link, NoticeKind, Slot


class SessionsConfig(Capability):
    name = "profiles.sessions"
    label = "sessions_page"  # "sessions" is Django's own
    tenant_urls = "profiles.sessions.urls"
    not_for_support = ("sessions", "end_session")
    account_pages = (Link(url_name="sessions", group="security", label=_("Sessions"), icon="devices", order=50),)
    slots = {
        "security": (Slot(template="profiles/sessions_row.html", context="profiles.sessions.row.context", order=20),)
    }
    middleware = ("profiles.sessions.devices.DeviceMiddleware",)
    notice_kinds = {
        "session.new_device": NoticeKind(
            label=_("My account is signed in to with a new browser"),
            sentence=_("New sign-in to your account with %(browser)s"),
            url_name="sessions",
            mail="soon",
            order=40,
        )
    }
    audit_kinds = {"session.others_ended": _("Other browsers signed out")}

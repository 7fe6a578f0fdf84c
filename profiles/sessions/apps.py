"""Where a member is signed in, and signing out elsewhere: allauth's page."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from shared.capabilities.base import Capability, Link


class SessionsConfig(Capability):
    name = "profiles.sessions"
    label = "sessions_page"  # "sessions" is Django's own
    tenant_urls = "profiles.sessions.urls"
    account_pages = (Link(url_name="usersessions_list", label=_("Where I am signed in"), tab=_("Sessions"), order=50),)
    audit_kinds = {"session.others_ended": _("Other browsers signed out")}

    @classmethod
    def settings(cls, env: Any) -> dict[str, Any]:
        return {"USERSESSIONS_ADAPTER": "profiles.sessions.adapter.SessionsAdapter"}

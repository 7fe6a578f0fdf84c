"""The welcome text on an organisation's home page."""

from django.utils.translation import gettext_lazy as _

from shared.capabilities.base import Capability, Slot


class WelcomeConfig(Capability):
    name = "profiles.welcome"
    tenant_urls = "profiles.welcome.urls"
    rights = {"edit_welcome": "profiles.welcome.rights.edits_welcome"}
    slots = {"home": (Slot(template="profiles/welcome_card.html", context="profiles.welcome.card.context", order=10),)}
    audit_kinds = {"welcome.changed": _("Welcome text changed")}
    demo = "profiles.welcome.demo.write"

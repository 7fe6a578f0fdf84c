"""The welcome text on an organisation's home page."""

from django.utils.translation import gettext_lazy as _

from shared.capabilities.base import Capability, Slot, Step


class WelcomeConfig(Capability):
    name = "profiles.welcome"
    tenant_urls = "profiles.welcome.urls"
    rights = {"edit_welcome": "profiles.welcome.rights.edits_welcome"}
    slots = {
        "home": (Slot(template="profiles/welcome_card.html", context="profiles.welcome.card.context", order=10),),
        "news": (Slot(template="profiles/welcome_news.html", context="profiles.welcome.card.news", order=10),),
    }
    first_steps = (
        Step(
            label=_("Write a welcome text"), url_name="edit_welcome", done="profiles.welcome.card.is_written", order=40
        ),
    )
    audit_kinds = {"welcome.changed": _("Welcome text changed")}
    demo = "profiles.welcome.demo.write"
    exports = {"welcome.Welcome.updated_by": "mentions me"}
    row_names = {"welcome.Welcome": _("Welcome message")}
    row_words = {"welcome.Welcome": ()}  # there is one

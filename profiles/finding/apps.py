"""People find their organisations again: by email from the public site, and in the browser that remembers them."""

from django.utils.translation import gettext_lazy as _

from shared.capabilities.base import Capability, Link, Slot


class FindingConfig(Capability):
    name = "profiles.finding"
    label = "finding"
    lives_in = "public"  # requests that wait for some seconds, encrypted; no person belongs to an organisation here
    public_urls = "profiles.finding.public_urls"
    # "address" is the client; a mailbox that has asked more often gets no further mail.
    limits = {"find": {"address": (20, 3600), "mailbox": (3, 3600)}}
    public_navigation = (Link(url_name="find", label=_("Sign in"), order=40),)
    middleware = ("profiles.finding.remembering.RememberMiddleware",)
    slots = {
        "landing_known": (Slot(template="profiles/known.html", context="profiles.finding.cards.known"),),
        "menu": (Slot(template="profiles/switcher.html", context="profiles.finding.cards.others"),),
    }

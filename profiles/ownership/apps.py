"""An owner hands over the ownership to another member. One offers, the other accepts, both with their password."""

from django.utils.translation import gettext_lazy as _

from shared.capabilities.base import Capability, Slot


class OwnershipConfig(Capability):
    name = "profiles.ownership"
    tenant_urls = "profiles.ownership.urls"
    not_for_support = ("hand_over", "ownership_offer", "*_ownership_offer")
    slots = {
        "settings": (
            Slot(template="profiles/hand_over_card.html", context="profiles.ownership.cards.settings", order=85),
        ),
        "home": (Slot(template="profiles/ownership_card.html", context="profiles.ownership.cards.home", order=5),),
    }
    audit_kinds = {
        "ownership.offered": _("Ownership offered"),
        "ownership.withdrawn": _("Offer of the ownership withdrawn"),
        "ownership.declined": _("Offer of the ownership declined"),
        "ownership.handed_over": _("Ownership handed over"),
    }
    exports = {
        "ownership.Offer.giver": "mentions me",
        "ownership.Offer.taker": "mentions me",
    }
    row_names = {"ownership.Offer": _("Offers of ownership")}
    row_words = {"ownership.Offer": ("giver", "taker")}

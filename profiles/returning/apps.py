"""Removed members: for some days owners and admins can invite them back with their profile."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from shared.capabilities.base import Capability, Slot


class ReturningConfig(Capability):
    name = "profiles.returning"
    tenant_urls = "profiles.returning.urls"
    not_for_support = ("forget_former_member",)
    slots = {
        "invite": (Slot(template="profiles/former_members_card.html", order=30),),
        "removal": (Slot(template="profiles/removal_keeps.html", context="profiles.returning.models.kept_for"),),
    }
    invitation_columns = ("profiles.returning.changes.COLUMN",)
    audit_kinds = {
        "member.profile_restored": _("Profile of a former member restored"),
        "former_member.forgotten": _("Profile of a former member deleted"),
    }
    exports = {"returning.Former.email": "mine"}
    row_names = {"returning.Former": _("Former members")}
    row_words = {"returning.Former": ("name", "email")}

    @classmethod
    def settings(cls, env: Any) -> dict[str, Any]:
        return {"FORMER_PROFILES_KEPT_DAYS": env.int("FORMER_PROFILES_KEPT_DAYS", 30)}

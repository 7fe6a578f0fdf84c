"""Bulk actions on ticked rows, or on all rows that match the filter."""

from django.utils.translation import gettext_lazy as _

from shared.capabilities.base import Capability, Slot

MEMBERS, INVITATIONS = "profiles.bulk_actions.members", "profiles.bulk_actions.invitations"


class BulkActionsConfig(Capability):
    name = "profiles.bulk_actions"
    tenant_urls = "profiles.bulk_actions.urls"
    not_for_support = ("bulk", "*bulk_run")  # one click removes many members
    slots = {
        "list_pick": (Slot(template="profiles/bulk_pick.html", context="profiles.bulk_actions.bar.pick"),),
        "list_bar": (Slot(template="profiles/bulk_bar.html", context="profiles.bulk_actions.bar.bar"),),
    }
    css = ("profiles/css/bulk.css",)
    js = ("profiles/js/bulk.js",)
    bulk_actions = (
        *(f"{MEMBERS}.{name}" for name in ("ROLE", "DEACTIVATE", "REACTIVATE", "REMOVE")),
        *(f"{INVITATIONS}.{name}" for name in ("RESEND", "REVOKE")),
    )
    exports = {"bulk_actions.Run.actor": "not mine"}
    row_names = {"bulk_actions.Run": _("Actions on several members")}
    row_words = {"bulk_actions.Run": ("actor", "created")}

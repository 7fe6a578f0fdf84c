"""Inviting many people at once: from pasted addresses or a file, up to 1,000, with a preview and a result per line."""

from django.utils.translation import gettext_lazy as _

from shared.capabilities.base import Capability, Slot


class BulkInvitationsConfig(Capability):
    name = "profiles.bulk_invitations"
    tenant_urls = "profiles.bulk_invitations.urls"
    # Lists of up to 1,000 addresses; their invitations count for the organisation and the mailboxes.
    limits = {"invite_many": {"account": (20, 3600)}}
    not_for_support = ("invite_many", "send_invitation_list", "invitation_list_results")  # a list may name owners
    slots = {"invite": (Slot(template="profiles/invite_many_card.html", order=10),)}
    audit_kinds = {"invitation_list.sent": _("List of invitations sent")}
    exports = {"bulk_invitations.Batch.by": "mentions me"}
    row_names = {"bulk_invitations.Batch": _("Lists of invitations")}
    row_words = {"bulk_invitations.Batch": ("by", "created")}

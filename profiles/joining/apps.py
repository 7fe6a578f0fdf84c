"""A join link with a role, an end and a number of uses; and requests to join, which owners and admins approve."""

from django.utils.translation import gettext_lazy as _

from shared.capabilities.base import Capability, Link, NoticeKind, Slot


class JoiningConfig(Capability):
    name = "profiles.joining"
    tenant_urls = "profiles.joining.urls"
    not_for_support = ("joining", "*_join_link")  # the link lets in everyone who has it
    settings_pages = (
        Link(url_name="joining", group="people", label=_("Joining"), icon="plus", may="manage_members", order=40),
    )
    slots = {
        "invite": (Slot(template="profiles/join_link_card.html", order=20),),
        "join": (Slot(template="profiles/ask_to_join_card.html", context="profiles.joining.cards.join"),),
        "members": (Slot(template="profiles/join_requests_card.html", context="profiles.joining.cards.members"),),
    }
    notice_kinds = {
        "join_request.sent": NoticeKind(
            label=_("A person asks to join"),
            sentence=_("%(name)s asks to join"),
            url_name="join_requests",
            mail="never",  # There is a mail of its own (asking.py).
            may="manage_members",
            order=25,
        )
    }
    audit_kinds = {
        "join_link.made": _("Join link made"),
        "join_link.ended": _("Join link switched off"),
        "join_link.used": _("Join link used"),
        "joining.changed": _("Requests to join switched on or off"),
        "join_request.sent": _("Request to join sent"),
        "join_request.approved": _("Request to join approved"),
        "join_request.declined": _("Request to join declined"),
    }
    exports = {
        "joining.Joining.nonce": "secret",
        "joining.Joining.made_by": "mentions me",
        "joining.Applicant.email": "mine",
        "joining.Applicant.decided_by": "mentions me",
    }
    row_names = {"joining.Applicant": _("Requests to join"), "joining.Joining": _("Ways to join")}
    row_words = {"joining.Applicant": ("name", "email"), "joining.Joining": ()}

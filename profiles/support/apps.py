"""Operators sign in as a member for support: with the organisation's consent, a reason, and an end."""

from django.utils.translation import gettext_lazy as _

from shared.capabilities.base import Capability, Link, NoticeKind, Slot


class SupportConfig(Capability):
    name = "profiles.support"
    requires = ("profiles.operators",)
    tenant_urls = "profiles.support.urls"
    operator_urls = "profiles.support.operator_urls"
    operator_actions = ("profiles.support.operator_views.SIGN_IN",)
    middleware = ("profiles.support.session.SupportMiddleware",)
    slots = {
        "banner": (Slot(template="profiles/support_banner.html", context="profiles.support.session.banner", order=1),)
    }
    rights = {"manage_support": "profiles.support.rights.manages_support"}
    settings_pages = (
        Link(
            url_name="support_access",
            group="data",
            label=_("Support access"),
            icon="person",
            may="manage_support",
            order=90,
        ),
    )
    not_for_support = ("support_access", "answer_support", "end_support_visit")
    audit_kinds = {
        "support.access_changed": _("Support access changed"),
        "support.asked": _("Support asked to sign in as a member"),
        "support.allowed": _("Support was allowed to sign in as a member"),
        "support.refused": _("Support was not allowed to sign in as a member"),
        "support.begun": _("Support signed in as a member"),
        "support.ended": _("Support signed out"),
        "console.support": _("Signed in as a member, or asked to"),
    }
    notice_kinds = {
        "support.asked": NoticeKind(
            label=_("Support asks to sign in as a member"),
            sentence=_("%(operator)s from support asks to sign in as %(member)s: %(reason)s"),
            url_name="support_access",
            mail="soon",
            may="manage_support",
            order=70,
        ),
        "support.begun": NoticeKind(
            label=_("Support signs in as a member"),
            sentence=_("%(operator)s from support signed in as %(member)s: %(reason)s"),
            url_name="support_access",
            mail="soon",
            may="manage_support",
            order=71,
        ),
    }
    exports = {"support.Visit.member": "mentions me"}
    row_names = {"support.Visit": _("Support visits")}
    row_words = {"support.Visit": ("operator", "member", "asked")}

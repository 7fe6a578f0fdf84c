"""Owners require a second factor of owners and admins or of all members, after some days of grace."""

from django.utils.translation import gettext_lazy as _

from shared.capabilities.base import Capability, Link, NoticeKind, Slot


class RequiredFactorConfig(Capability):
    name = "profiles.required_factor"
    row_names = {"required_factor.Requirement": _("Required second factor")}
    row_words = {"required_factor.Requirement": ("scope",)}
    requires = ("profiles.two_factor",)
    tenant_urls = "profiles.required_factor.urls"
    not_for_support = ("required_factor",)
    middleware = ("profiles.required_factor.middleware.RequiredFactorMiddleware",)
    settings_pages = (
        Link(
            url_name="required_factor",
            group="sign-in",
            label=_("Two-factor sign-in"),
            icon="shield",
            may="require_factor",
            order=45,
        ),
    )
    slots = {
        "banner": (Slot(template="profiles/factor_banner.html", context="profiles.required_factor.banner.context"),),
    }
    viewer_facts = {"factor_deadline": "profiles.required_factor.deadlines.deadline"}
    rights = {"require_factor": "profiles.required_factor.rights.requires_factor"}
    audit_kinds = {"required_factor.changed": _("Rule for two-factor sign-in changed")}
    notice_kinds = {
        "factor.required": NoticeKind(
            label=_("I have to set up a second factor soon"),
            sentence=_("%(organisation)s requires two-factor sign-in of you from %(day)s. Set it up before then"),
            url_name="mfa_index",
            mail="soon",
            order=35,
        )
    }

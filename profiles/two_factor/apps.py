"""Two-factor sign-in: allauth's pages, under our own forms and mails."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from shared.capabilities.base import Capability, Link, Mark, Slot


class TwoFactorConfig(Capability):
    name = "profiles.two_factor"
    libraries = ("allauth.mfa",)
    tenant_urls = "profiles.two_factor.urls"
    not_for_support = ("mfa_*", "reset_two_factor")
    account_pages = (
        Link(
            url_name="mfa_index",
            group="security",
            label=_("Two-factor sign-in"),
            tab=_("Two-factor"),
            icon="shield",
            order=40,
        ),
    )
    slots = {
        "security": (
            Slot(template="profiles/two_factor_row.html", context="profiles.two_factor.row.context", order=10),
        ),
        "person": (
            Slot(template="profiles/two_factor_person.html", context="profiles.two_factor.row.person", order=80),
        ),
        "members_settings": (
            Slot(template="profiles/two_factor_members.html", context="profiles.two_factor.members.context", order=10),
        ),
    }
    people_columns = "profiles.two_factor.row.columns"
    member_marks = (
        Mark(
            name="no-second-factor",
            label=_("No second factor"),
            of="profiles.two_factor.members.without",
            badge="profiles.two_factor.members.managers_without",
        ),
        Mark(
            name="authenticator-app", label=_("Authenticator app"), of="profiles.two_factor.members.with_app", order=55
        ),
    )
    reencrypt = "profiles.two_factor.reencryption.reencrypt_all"
    exports = {"mfa.Authenticator": "secret"}

    audit_kinds = {
        "two_factor.turned_on": _("Two-factor sign-in turned on"),
        "two_factor.turned_off": _("Two-factor sign-in turned off"),
        "two_factor.refused": _("Wrong code of the second factor"),
        "two_factor.reset": _("Second factor reset"),
        "two_factor.codes_made": _("Recovery codes made"),
    }

    @classmethod
    def settings(cls, env: Any) -> dict[str, Any]:
        return {
            "MFA_RECOVERY_CODES_SHOW_ONCE": True,
            "MFA_ADAPTER": "profiles.two_factor.adapter.TwoFactorAdapter",
            "MFA_FORMS": {
                "authenticate": "profiles.two_factor.forms.CodeForm",
                "reauthenticate": "profiles.two_factor.forms.ReauthenticateByCodeForm",
                "activate_totp": "profiles.two_factor.forms.ActivateForm",
            },
        }

    def ready(self) -> None:
        super().ready()
        from profiles.sign_in.account_adapter import CONFIRM_BY
        from profiles.two_factor import codes

        CONFIRM_BY["mfa_reauthenticate"] = _("Use a code")
        codes.connect()

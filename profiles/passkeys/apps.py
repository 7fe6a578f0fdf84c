"""Passkeys, by allauth.mfa.webauthn: signing in with a fingerprint, a face, a PIN or a security key."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from shared.capabilities.base import Capability, Link, Mark, Slot


class PasskeysConfig(Capability):
    name = "profiles.passkeys"
    requires = ("profiles.two_factor",)
    tenant_urls = "profiles.passkeys.urls"
    not_for_support = ("mfa_*_webauthn",)
    account_pages = (Link(url_name="mfa_list_webauthn", group="security", label=_("Passkeys"), icon="key", order=35),)
    slots = {
        "security": (Slot(template="profiles/passkeys_row.html", context="profiles.passkeys.cards.security", order=5),),
        "sign_in": (Slot(template="profiles/passkey_sign_in.html", order=10),),
        "address": (Slot(template="profiles/passkeys_lost.html", context="profiles.passkeys.cards.address"),),
    }
    css = ("profiles/css/passkeys.css",)
    member_marks = (Mark(name="passkey", label=_("Passkey"), of="profiles.passkeys.cards.having", order=60),)
    audit_kinds = {
        "passkey.added": _("Passkey added"),
        "passkey.renamed": _("Passkey renamed"),
        "passkey.removed": _("Passkey removed"),
    }

    @classmethod
    def settings(cls, env: Any) -> dict[str, Any]:
        return {
            "MFA_SUPPORTED_TYPES": ["recovery_codes", "totp", "webauthn"],
            "MFA_PASSKEY_LOGIN_ENABLED": True,
            # Signing in takes two requests, and an office may share one address.
            "MFA_RATE_LIMITS": {"webauthn_login": "60/m/ip"},
            "MFA_FORMS": {
                "add_webauthn": "profiles.passkeys.forms.AddForm",
                "edit_webauthn": "profiles.passkeys.forms.NameForm",
                "login_webauthn": "profiles.passkeys.forms.SignInForm",
                "authenticate_webauthn": "profiles.passkeys.forms.SecondStepForm",
                "reauthenticate_webauthn": "profiles.passkeys.forms.ConfirmForm",
            },
        }

    def ready(self) -> None:
        super().ready()
        from profiles.passkeys import origin
        from profiles.sign_in.account_adapter import CONFIRM_BY

        CONFIRM_BY["mfa_reauthenticate:webauthn"] = _("Use a passkey")
        origin.connect()

"""allauth's hooks for the second factor."""

from collections.abc import Iterable
from typing import Any

from allauth.core import context
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from profiles.sign_in.user_agents import in_words
from shared import encryption
from tenants.context import required

CODES = Authenticator.Type.RECOVERY_CODES


class TwoFactorAdapter(DefaultMFAAdapter):
    error_messages = DefaultMFAAdapter.error_messages | {
        "incorrect_code": _("This code is not correct. Enter the current one."),
        "unverified_email": _("Confirm your email address before you turn on two-factor sign-in."),
    }

    def is_mfa_enabled(self, user: Any, types: Iterable[str] | None = None) -> bool:
        """Passkeys of an address that the organisation has left ask for a recovery code, while there is one.

        Without an unused one, the member signs in with the password alone: there would be no way in.
        """
        if user.is_anonymous:
            return False
        own = list(Authenticator.objects.filter(user_id=user.pk))
        wanted = [each for each in own if types is None or each.type in types]
        if any("left" not in each.data for each in wanted):
            return True
        return bool(wanted) and any(each.type == CODES and each.wrap().get_unused_codes() for each in own)

    def get_public_key_credential_rp_entity(self) -> dict[str, str]:
        """Passkeys belong to the organisation's canonical host, not to the Host header."""
        return {"id": required().domain, "name": required().name}

    def generate_authenticator_name(self, user: Any, type: str) -> str:  # noqa: A002  allauth's
        return in_words(context.request.headers.get("user-agent")) or gettext("Passkey")

    def get_totp_issuer(self) -> str:
        """The issuer in an authenticator app: the organisation's name, not the Host header."""
        return required().name

    def encrypt(self, text: str) -> str:
        return encryption.encrypt(text)

    def decrypt(self, encrypted_text: str) -> str:
        return encryption.decrypt(encrypted_text)

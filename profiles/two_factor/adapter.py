"""allauth's hooks for the second factor."""

from allauth.mfa.adapter import DefaultMFAAdapter
from django.utils.translation import gettext_lazy as _

from shared import encryption
from tenants.context import required


class TwoFactorAdapter(DefaultMFAAdapter):
    error_messages = DefaultMFAAdapter.error_messages | {
        "incorrect_code": _("This code is not correct. Enter the current one."),
        "unverified_email": _("Confirm your email address before you turn on two-factor sign-in."),
    }

    def get_totp_issuer(self) -> str:
        """What an authenticator app calls the account's place: the organisation, not the Host header."""
        return required().name

    def encrypt(self, text: str) -> str:
        return encryption.encrypt(text)

    def decrypt(self, encrypted_text: str) -> str:
        return encryption.decrypt(encrypted_text)

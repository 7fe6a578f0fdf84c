"""allauth's hooks for the second factor."""

from allauth.mfa.adapter import DefaultMFAAdapter

from tenants.context import required


class TwoFactorAdapter(DefaultMFAAdapter):
    def get_totp_issuer(self) -> str:
        """What an authenticator app calls the account's place: the organisation, not the Host header."""
        return required().name

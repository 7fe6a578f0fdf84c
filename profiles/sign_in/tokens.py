"""Password reset tokens that are worth nothing in another organisation."""

from typing import Any

from allauth.account.forms import EmailAwarePasswordResetTokenGenerator

from tenants.context import required


class TenantTokenGenerator(EmailAwarePasswordResetTokenGenerator):
    """allauth's generator, with the tenant in the hash: same person, same password hash, other token."""

    def _make_hash_value(self, user: Any, timestamp: int) -> str:
        return f"{required().schema_name}:{super()._make_hash_value(user, timestamp)}"

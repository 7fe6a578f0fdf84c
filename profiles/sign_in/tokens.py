"""Password reset tokens that are invalid in other organisations."""

from typing import Any

from allauth.account.forms import EmailAwarePasswordResetTokenGenerator

from tenants.context import required


class TenantTokenGenerator(EmailAwarePasswordResetTokenGenerator):
    """allauth's generator with the tenant in the hash: the same member and password hash give another token there."""

    def _make_hash_value(self, user: Any, timestamp: int) -> str:
        return f"{required().schema_name}:{super()._make_hash_value(user, timestamp)}"

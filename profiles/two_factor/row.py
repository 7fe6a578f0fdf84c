"""Two-factor sign-in, in the overview of what protects an account."""

from typing import Any

from allauth.mfa.models import Authenticator


def context(page: Any) -> dict[str, Any]:
    kinds = [Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN]
    return {"is_on": Authenticator.objects.filter(user=page["request"].user, type__in=kinds).exists()}

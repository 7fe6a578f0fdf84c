"""Two-factor sign-in, in the overview of what protects an account."""

from typing import Any

from allauth.mfa.models import Authenticator

from profiles.two_factor.members import FACTORS


def context(page: Any) -> dict[str, Any]:
    return {"is_on": Authenticator.objects.filter(user=page["request"].user, type__in=FACTORS).exists()}

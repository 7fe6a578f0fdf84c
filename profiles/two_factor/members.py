"""Which members have no second factor: for the list of people, and for the settings."""

from typing import Any

from allauth.mfa.models import Authenticator
from django.db.models import Exists, OuterRef, Q

from profiles.models import User
from profiles.roles import MANAGERS
from shared.keyset import KeysetPage

FACTORS = [Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN]


def without() -> Q:
    return Q(~Exists(Authenticator.objects.filter(user=OuterRef("pk"), type__in=FACTORS)))


def managers_without() -> Q:
    """Owners and admins without one: few, and with the most to lose."""
    return Q(role__in=MANAGERS) & without()


def context(_page: Any) -> dict[str, Any]:
    """How many there are, counted as far as pages count."""
    most = KeysetPage.most_counted
    return {"number": User.objects.active().filter(without())[: most + 1].count(), "most": most}

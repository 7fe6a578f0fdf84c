"""Which members have no second factor: for the list of people, and for the settings."""

from typing import Any

from allauth.mfa.models import Authenticator
from django.db.models import Exists, OuterRef, Q, QuerySet

from profiles.models import User
from profiles.roles import MANAGERS
from shared.keyset import KeysetPage

FACTORS = [Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN]


def factors() -> QuerySet[Authenticator]:
    """Second factors that work: not recovery codes, and no passkey of an address that the organisation has left."""
    return Authenticator.objects.filter(Q(type__in=FACTORS) & ~Q(data__has_key="left"))


def without() -> Q:
    return Q(~Exists(factors().filter(user=OuterRef("pk"))))


def with_app() -> Q:
    return Q(Exists(Authenticator.objects.filter(user=OuterRef("pk"), type=Authenticator.Type.TOTP)))


def managers_without() -> Q:
    """Owners and admins without one: few, and with the most to lose."""
    return Q(role__in=MANAGERS) & without()


def context(_page: Any) -> dict[str, Any]:
    """The number of members without a second factor, up to the bound for counts on pages."""
    most = KeysetPage.most_counted
    return {"number": User.objects.active().filter(without())[: most + 1].count(), "most": most}

"""What passkeys add to other pages: the security overview, the address's settings, the list of people."""

from typing import Any

from allauth.mfa.models import Authenticator
from django.db.models import Exists, OuterRef, Q

from profiles.passkeys.addresses import losses


def having() -> Q:
    """For the filter of the list of people."""
    passkeys = Authenticator.objects.filter(user=OuterRef("pk"), type=Authenticator.Type.WEBAUTHN)
    return Q(Exists(passkeys.exclude(data__has_key="left")))


def security(page: Any) -> dict[str, Any]:
    own = Authenticator.objects.filter(user=page["request"].user, type=Authenticator.Type.WEBAUTHN)
    return {"number": own.exclude(data__has_key="left").count()}


def address(_page: Any) -> dict[str, Any] | None:
    lost = losses()
    return {"lost": lost} if lost.members else None

"""Browsers use a passkey only at the address at which it was made: which of them work at the present one."""

from dataclasses import dataclass

from allauth.mfa.models import Authenticator
from django.db import connection
from django.db.models import Exists, OuterRef

from profiles.models import User

# "left" is read by profiles.two_factor: such a passkey is no second factor. Back at the address, it works again.
FOLLOW = """
UPDATE mfa_authenticator
SET data = CASE WHEN data ->> 'host' = %(host)s THEN data - 'left' ELSE data || '{"left": true}' END
WHERE type = 'webauthn'
"""
PASSKEYS = Authenticator.objects.filter(type=Authenticator.Type.WEBAUTHN, user=OuterRef("pk"))


def follow(host: str) -> None:
    """The organisation has another address now. One statement, in the transaction of the change."""
    with connection.cursor() as cursor:
        cursor.execute(FOLLOW, {"host": host})


@dataclass(frozen=True)
class Losses:
    """How many active members lose their passkeys with the address, and how many have no authenticator app."""

    members: int
    without_app: int


def losses() -> Losses:
    """Both in one statement."""
    working = Exists(PASSKEYS.exclude(data__has_key="left"))
    app = Exists(Authenticator.objects.filter(type=Authenticator.Type.TOTP, user=OuterRef("pk")))
    rows = User.objects.active().filter(working).annotate(has_app=app).values_list("has_app", flat=True)
    found = list(rows)
    return Losses(members=len(found), without_app=found.count(False))

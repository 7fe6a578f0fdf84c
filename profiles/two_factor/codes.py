"""Each code is accepted once, by any process: the last used one is in the authenticator's row."""

import time

from allauth.core.internal.cryptokit import compare_user_code
from allauth.mfa.app_settings import TOTP_PERIOD, TOTP_TOLERANCE
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, hotp_value, yield_hotp_counters_from_time
from allauth.mfa.utils import decrypt, encrypt
from django.db import connection

from profiles.models import User

# A code belongs to a time step, which is a number: https://www.rfc-editor.org/rfc/rfc6238#section-5.2
# One statement: of several processes that accept the same code, the others wait for the row and then change nothing.
USE_STEP = """
UPDATE mfa_authenticator SET data = jsonb_set(data, '{last_step}', to_jsonb(%(step)s::bigint))
WHERE id = %(id)s AND coalesce((data ->> 'last_step')::bigint, -1) < %(step)s
"""
NOTE_VIEW = (
    "UPDATE mfa_authenticator SET data = jsonb_set(data, '{viewed_at}', to_jsonb(%(at)s::float)) WHERE id = %(id)s"
)


def activate(_totp: type[TOTP], user: User, secret: str) -> TOTP:
    """Replaces TOTP.activate(): the code that turned it on cannot be used again to sign in."""
    last_step = int(time.time()) // TOTP_PERIOD + TOTP_TOLERANCE
    data = {"secret": encrypt(secret), "last_step": last_step}
    return TOTP(Authenticator.objects.create(user=user, type=Authenticator.Type.TOTP, data=data))


def mark_code_used(totp: TOTP, code: str) -> bool:
    """Replaces TOTP._mark_code_used(), which uses the local cache of a process. False if it was used before.

    Codes of earlier time steps than the last one that was used are refused too.
    """
    step = step_of(decrypt(totp.instance.data["secret"]), code)
    return step is not None and changes_row(USE_STEP, id=totp.instance.pk, step=step)


def step_of(secret: str, code: str) -> int | None:
    """The time step of a code; None if it has just expired."""
    for step in yield_hotp_counters_from_time():
        if compare_user_code(actual=code, expected=format_hotp_value(hotp_value(secret, step))):
            return step
    return None


def mark_as_viewed(codes: RecoveryCodes) -> None:
    """Replaces RecoveryCodes.mark_as_viewed(), which would write back codes that were used meanwhile."""
    if not codes.did_view:
        changes_row(NOTE_VIEW, id=codes.instance.pk, at=time.time())


def changes_row(statement: str, **values: float) -> bool:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        return cursor.rowcount == 1


def connect() -> None:
    """Make allauth use these functions. It has no setting for it: see tests/profiles/two_factor/test_codes.py."""
    TOTP.activate = classmethod(activate)
    TOTP._mark_code_used = mark_code_used
    RecoveryCodes.mark_as_viewed = mark_as_viewed

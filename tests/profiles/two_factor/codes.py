"""The codes that an authenticator app shows."""

import time

SECRET = "JBSWY3DPEHPK3PXP"


def code_of(secret):
    """What the authenticator app shows now, and for some seconds still: whoever sees it change waits for the next."""
    # Here, for this module is also read where allauth.mfa is taken out and has no models.
    from allauth.mfa.app_settings import TOTP_PERIOD
    from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value, yield_hotp_counters_from_time

    if (left := TOTP_PERIOD - time.time() % TOTP_PERIOD) < 5:
        time.sleep(left)
    return format_hotp_value(hotp_value(secret, next(iter(yield_hotp_counters_from_time()))))

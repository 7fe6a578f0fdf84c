"""The codes that an authenticator app shows."""

import time

SECRET = "JBSWY3DPEHPK3PXP"


def code_of(secret):
    """The code that the authenticator app shows for two seconds more; if it changes sooner, the next one."""
    # Here, for this module is also read where allauth.mfa is taken out and has no models.
    from allauth.mfa.app_settings import TOTP_PERIOD
    from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value, yield_hotp_counters_from_time

    if (left := TOTP_PERIOD - time.time() % TOTP_PERIOD) < 2:
        time.sleep(left)
    return format_hotp_value(hotp_value(secret, next(iter(yield_hotp_counters_from_time()))))

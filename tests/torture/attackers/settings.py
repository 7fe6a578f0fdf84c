"""The product's settings for attackers, who must not be kept out by what only makes them slow."""

import os

from config.settings import *  # noqa: F403
from config.settings import DAY, LIMITS

LIMITS = {action: dict.fromkeys(rates, (1_000_000, 1)) for action, rates in LIMITS.items()}
ACCOUNT_RATE_LIMITS = False  # type: ignore[assignment]
API_RATE = (1_000_000, 1)
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
# What lies behind the password that is asked for once more is attacked too.
ACCOUNT_REAUTHENTICATION_TIMEOUT = DAY
if "HOLES" in os.environ:
    ROOT_URLCONF = "tests.torture.attackers.holes"

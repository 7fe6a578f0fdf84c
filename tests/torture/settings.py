"""The product's settings; what would keep the torture from hitting what it aims at is out of the way."""

import os

from config.settings import *  # noqa: F403
from config.settings import LIMITS, LOGGING, MIGRATION_MODULES

# The slow hash is before every transaction: most kills would hit it, and nothing else.
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
LIMITS = {action: dict.fromkeys(rates, (10**9, 60)) for action, rates in LIMITS.items()}
SPARE_TENANTS = 3
ROOT_URLCONF = "tests.torture.tenant_urls"
# Refusals are what the rules are about.
LOGGING = LOGGING | {"loggers": {"django.request": {"level": "ERROR"}}}
# The next release, which `migrate` brings everyone to.
if release := os.environ.get("TORTURE_RELEASE"):
    MIGRATION_MODULES = {**MIGRATION_MODULES, "profiles": release}

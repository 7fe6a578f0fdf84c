"""Tenantry as it is. The other contestants start from this module."""

import os

from config.settings import *  # noqa: F403
from config.settings import MIGRATION_MODULES

BENCH_CONTESTANT = "tests.bench.contestants.tenantry.Tenantry"
# Five sign-ups until half of them are gone: enough for a median in each round.
SPARE_TENANTS = 10
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
if os.environ.get("BENCH_COLUMNS"):
    MIGRATION_MODULES = {**MIGRATION_MODULES, "profiles": "tests.bench.migrations"}

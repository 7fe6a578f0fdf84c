"""Tenantry as it is. The other contestants start from this module."""

import os

from config.settings import *  # noqa: F403

BENCH_CONTESTANT = "tests.bench.contestants.tenantry.Tenantry"
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
if os.environ.get("BENCH_COLUMNS"):
    MIGRATION_MODULES = {"profiles": "tests.bench.migrations"}

"""The product's settings, with what only tests need."""

import os

os.environ.setdefault("BUNDLED_DATA", "var/test-postgres")

from config.settings import *  # noqa: E402, F403

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
SPARE_TENANTS = 1

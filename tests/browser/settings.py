"""The product's settings as `make run` has them, but for the slow hash, since every story here signs people in."""

from config.settings import *  # noqa: F403

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
SPARE_TENANTS = 1  # No story signs up more than one organisation at a time.

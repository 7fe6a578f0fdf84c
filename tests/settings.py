"""The product's settings, with what only tests need."""

import os

from tests.memory import data_folder

# Each schema is hundreds of files. A disk takes long to create and delete them; memory does not.
os.environ.setdefault("BUNDLED_DATA", data_folder(otherwise="var/test-postgres"))
# What a test has committed need not outlive the machine, and nothing copies this server's log of changes (WAL).
os.environ.setdefault(
    "BUNDLED_OPTIONS",
    "-c fsync=off -c synchronous_commit=off -c full_page_writes=off"
    " -c wal_level=minimal -c max_wal_senders=0 -c min_wal_size=32MB -c max_wal_size=128MB",
)

from config.settings import *  # noqa: F403
from config.settings import INSTALLED_APPS, TENANT_APPS

# An app as a product adds it, for the tests of receivers and of migrations.
TENANT_APPS = [*TENANT_APPS, "tests.receivers"]
INSTALLED_APPS = [*INSTALLED_APPS, "tests.receivers"]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
SPARE_TENANTS = 1
# Otherwise one test a minute would count a statement more.
COSTS_WRITE_SECONDS = float("inf")
AUDIT_NEEDS_LABELS = True
# There is no folder of collected files to look into, which WhiteNoise would warn of.
WHITENOISE_AUTOREFRESH = True
# Some tests ask for fifty pages at once, and look at what each of them got.
TURNS = {"places": 100, "most": 100, "longest": 100}
# Unknown hosts are answered at once: tests/tenants/serving/test_pace.py makes a pace of its own.
REFUSED_REQUESTS = {"per_second": 1000, "most_seconds": 1}

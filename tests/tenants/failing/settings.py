"""The settings of the tests, with a site that fails."""

from tests.settings import *  # noqa: F403

ROOT_URLCONF = "tests.tenants.failing.urls"

"""Tenantry with the stock of its defaults, behind a proxy: so many sign-ups from one address are refused."""

from tests.bench.settings.tenantry import *  # noqa: F403

SPARE_TENANTS = 5
ALLAUTH_TRUSTED_PROXY_COUNT = 1

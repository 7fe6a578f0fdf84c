"""Django without tenancy: one schema, the same pages."""

from tests.bench.settings.tenantry import *  # noqa: F403
from tests.bench.settings.tenantry import DATABASES, INSTALLED_APPS, MIDDLEWARE

BENCH_CONTESTANT = "tests.bench.contestants.single.Single"
DATABASE_ROLES = False
DATABASES["default"]["ENGINE"] = "django.db.backends.postgresql"
DATABASE_ROUTERS = []
INSTALLED_APPS = [
    # Its models are imported by forms and commands; nothing of it runs.
    "tests.bench.apps.BareTenants" if app == "tenants" else app
    for app in INSTALLED_APPS
    if app != "django_tenants"
]
MIDDLEWARE = [
    "tests.bench.middleware.only_organisation" if name == "tenants.serving.middleware.TenantMiddleware" else name
    for name in MIDDLEWARE
]

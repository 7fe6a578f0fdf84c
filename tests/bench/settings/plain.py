"""Plain django-tenants by its defaults, set up as in its documentation.

https://django-tenants.readthedocs.io/en/latest/install.html
"""

from tests.bench.settings.tenantry import *  # noqa: F403
from tests.bench.settings.tenantry import DATABASES, INSTALLED_APPS, MIDDLEWARE

BENCH_CONTESTANT = "tests.bench.contestants.plain.Plain"
DATABASE_ROLES = False
DATABASES["default"]["ENGINE"] = "django_tenants.postgresql_backend"
TENANT_SYNC_ROUTER = "django_tenants.routers.TenantSyncRouter"
DATABASE_ROUTERS = [TENANT_SYNC_ROUTER]
INSTALLED_APPS = ["tests.bench.apps.PlainTenants" if app == "tenants" else app for app in INSTALLED_APPS]
# At the very top, as its documentation says.
MIDDLEWARE = [
    "django_tenants.middleware.main.TenantMainMiddleware",
    "tests.bench.middleware.organisation_of_request",
    *(name for name in MIDDLEWARE if name != "tenants.serving.middleware.TenantMiddleware"),
]

"""Plain django-tenants in its fastest options (the third is `migrate_schemas --executor=multiprocessing`).

https://django-tenants.readthedocs.io/en/latest/use.html
"""

from tests.bench.settings.plain import *  # noqa: F403

TENANT_LIMIT_SET_CALLS = True
TENANT_CREATION_FAKES_MIGRATIONS = True
TENANT_BASE_SCHEMA = "tenant_template"
TENANT_MULTIPROCESSING_MAX_PROCESSES = 2

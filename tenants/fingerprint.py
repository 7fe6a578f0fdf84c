"""Fingerprints: a hash of the migrations that this code has, and of those that a schema has seen."""

import pkgutil
from collections.abc import Iterable
from functools import cache
from hashlib import sha256
from importlib import import_module

from django.apps import apps
from django.conf import settings
from django.db import connection
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder
from django_tenants.routers import TenantSyncRouter

Migration = tuple[str, str]


@cache
def code_fingerprint() -> str:
    """A hash over all migrations of TENANT_APPS, hexadecimal. A tenant with the same hash is complete."""
    return fingerprint(code_migrations())


def schema_fingerprint() -> str:
    """The same hash over the migrations that the current schema has seen and this code knows."""
    return fingerprint(code_migrations() & set(MigrationRecorder(connection).applied_migrations()))


def fingerprint(migrations: Iterable[Migration]) -> str:
    return sha256("\n".join(f"{app}.{name}" for app, name in sorted(migrations)).encode()).hexdigest()


@cache
def code_migrations() -> frozenset[Migration]:
    """App and name of each migration of TENANT_APPS, read from file names, so that start-up imports no migration."""
    listed = TenantSyncRouter()
    labels = [app.label for app in apps.get_app_configs() if listed.app_in_list(app.label, settings.TENANT_APPS)]
    return frozenset((label, name) for label in labels for name in migration_names(label))


def migration_names(app_label: str) -> list[str]:
    """The names of an app's migrations, as Django's loader would find them."""
    module_name, _ = MigrationLoader.migrations_module(app_label)
    try:
        module = import_module(module_name) if module_name else None
    except ModuleNotFoundError:
        module = None
    found = pkgutil.iter_modules(module.__path__) if module else []
    return [name for _, name, is_package in found if not is_package and name[0] not in "_~"]

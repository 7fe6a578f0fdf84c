"""Tenantry with files that take no room."""

from tests.bench.settings.tenantry import *  # noqa: F403
from tests.bench.settings.tenantry import STORAGES

STORAGES = STORAGES | {"default": {"BACKEND": "tests.bench.sparse.SparseStorage"}}

"""What the tests of backups share: an organisation whose rows are committed, since pg_dump is another session."""

from pathlib import Path

import pytest

from profiles.testing import make_people, make_rows
from tenants.context import within
from tenants.models import Tenant


@pytest.fixture(autouse=True)
def media(settings, tmp_path) -> Path:
    settings.MEDIA_ROOT = tmp_path / "media"
    return settings.MEDIA_ROOT


@pytest.fixture(autouse=True)
def shelf(settings, tmp_path) -> Path:
    """The folder where all backups are."""
    place = tmp_path / "backups"
    backend = {"BACKEND": "tenants.storage.TenantStorage", "OPTIONS": {"location": str(place)}}
    settings.STORAGES = settings.STORAGES | {"backups": backend}
    return place


@pytest.fixture
def initech(new_tenant) -> Tenant:
    """An organisation with a row of every model, and files."""
    tenant = new_tenant("initech")
    with within(tenant):
        make_people("initech")
    make_rows(tenant)
    return tenant

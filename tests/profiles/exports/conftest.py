"""What the tests of exports share."""

from collections.abc import Callable
from io import BytesIO
from pathlib import Path
from zipfile import ZipFile

import pytest

from profiles.exports.exporting import export
from profiles.exports.package import Manifest
from profiles.exports.verifying import opened
from profiles.testing import make_rows
from tenants.context import within
from tenants.models import Tenant

Package = tuple[ZipFile, Manifest]


@pytest.fixture(autouse=True)
def media(settings, tmp_path) -> Path:
    """The folder where all organisations' files lie."""
    settings.MEDIA_ROOT = tmp_path / "media"
    return settings.MEDIA_ROOT


@pytest.fixture
def full(acme: Tenant) -> Tenant:
    """acme, with a row of every model, and files."""
    make_rows(acme)
    return acme


@pytest.fixture
def exported() -> Callable[..., Package]:
    """Export an organisation, and open the package."""

    def write(tenant: Tenant, *, with_secrets: bool = False) -> Package:
        out = BytesIO()
        with within(tenant):
            export(out, with_secrets=with_secrets)
        return opened(out)

    return write

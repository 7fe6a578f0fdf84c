"""The file of an older version is imported at its own state, and then brought to that of the code."""

import json
from pathlib import Path
from zipfile import ZipFile

import pytest
from django.core.management import CommandError

from profiles.models import User
from tenants.context import within
from tenants.models import Tenant
from tenants.schemas.drift import differences as drift
from tests.tenants.commands import run
from tests.tenants.migrating import later_code, migrate, nicknames


@pytest.fixture
def path(full, tmp_path) -> Path:
    """Exported by the code of today."""
    found = tmp_path / "acme.zip"
    run("export_organisation", "acme", output=str(found))
    return found


@pytest.mark.slow
def test_rows_are_migrated_as_those_of_an_organisation_that_was_there(path, full):
    """Tomorrow's code fills a new column from each row, and gives a model another name."""
    with later_code("tests.tomorrow"):
        migrate()
        run("import_organisation", str(path), slug="acme-again")
        back = Tenant.objects.get(slug="acme-again")
        assert back.is_complete
        assert list(drift([back])) == []
        assert nicknames(back) == nicknames(full)
        assert any(name.startswith("rita") or "@" in name for name in nicknames(back))
        with within(back):
            assert User.objects.count() == 5
        migrate(tenant="acme-again")


def test_what_is_no_state_of_this_code_is_refused(path, tmp_path):
    """A file without one migration in the middle, which no version can have written."""
    odd = tmp_path / "odd.zip"
    with ZipFile(path) as package, ZipFile(odd, "w") as out:
        for name in package.namelist():
            content = package.read(name)
            if name == "manifest.json":
                manifest = json.loads(content)
                manifest["migrations"].remove("profiles.0002_welcome_apart")
                content = json.dumps(manifest).encode()
            out.writestr(name, content)
    before = Tenant.objects.count()
    with pytest.raises(CommandError, match=r"are no state of this code's: profiles.0002_welcome_apart. Nothing"):
        run("import_organisation", str(odd), slug="acme-again")
    assert Tenant.objects.count() == before

"""The file of an older version is imported at its own state, and then brought to that of the code."""

import json
from hashlib import sha256
from pathlib import Path
from zipfile import ZipFile

import pytest
from django.core.management import CommandError

from profiles.models import Session, User
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


# The state before a session's row named its member, and what a file of then has of the two apps for it.
SINCE = ["profiles.0021_session", "profiles.0022_one_place_function", "profiles.0023_hand_off_by_uuid"]
APPS_OF_THEN = ["sessions.0001_initial", "usersessions.0001_initial"]
ROW = json.dumps({"session_key": "a" * 32, "session_data": "data", "expire_date": "2100-01-01T00:00:00+00:00"}) + "\n"


def as_of_then(path: Path, older: Path) -> Path:
    """The same file, as the version before would have written it for a move."""
    part = {"model": "sessions.Session", "rows": 1, "bytes": len(ROW), "columns": list(json.loads(ROW))}
    with ZipFile(path) as package, ZipFile(older, "w") as out:
        for name in sorted({*package.namelist()} - {"rows/profiles.Session.jsonl"}):
            content = package.read(name)
            if name == "manifest.json":
                manifest = json.loads(content)
                manifest["models"] = [each for each in manifest["models"] if each["model"] != "profiles.Session"]
                manifest["migrations"] = [*({*manifest["migrations"]} - {*SINCE}), *APPS_OF_THEN]
                manifest["models"].append(part | {"sha256": sha256(ROW.encode()).hexdigest()})
                manifest["sequences"] |= {"usersessions_usersession.id": 7, "profiles_handoff.id": 3}
                content = json.dumps(manifest).encode()
            out.writestr(name, content)
        out.writestr("rows/sessions.Session.jsonl", ROW)
    return older


@pytest.mark.slow
def test_the_file_of_a_version_that_had_other_apps_for_sessions_is_brought_along(path, tmp_path):
    older = as_of_then(path, tmp_path / "older.zip")
    run("import_organisation", str(older), slug="acme-again")
    back = Tenant.objects.get(slug="acme-again")
    assert back.is_complete
    assert list(drift([back])) == []
    with within(back):
        assert User.objects.count() == 5
        assert not Session.objects.exists()

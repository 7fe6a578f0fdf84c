"""Backups and exports of a placed organisation: the same rows as before it was placed, all of one moment."""

from pathlib import Path
from threading import Thread

import pytest
from django.db import connection, connections

from profiles.models import User
from profiles.testing import make_rows, needs
from tenants.context import within
from tenants.models import Tenant
from tenants.schemas.drift import differences
from tests.nodes.conftest import node_of
from tests.nodes.test_placing import place
from tests.tenants.commands import run


@pytest.fixture(autouse=True)
def folder(settings, tmp_path) -> Path:
    """Where files and backups are."""
    settings.MEDIA_ROOT = tmp_path / "media"
    backend = {"BACKEND": "tenants.storage.TenantStorage", "OPTIONS": {"location": str(tmp_path / "backups")}}
    settings.STORAGES = settings.STORAGES | {"backups": backend}
    return tmp_path


@needs("profiles.backups")
@pytest.mark.parametrize("way", ["copy", "pg_dump"])
def test_a_backup_becomes_an_ordinary_schema_with_the_same_rows(hooli, cluster, settings, way):
    from profiles.backups.models import Backup
    from profiles.backups.restoring import verify
    from profiles.backups.sums import sums

    settings.BACKUP_WITH, settings.PG_DUMP = way, str(cluster.coordinator.programs / "pg_dump")
    make_rows(hooli)
    before = sums(hooli)
    place(hooli, "--node", "n1")
    assert sums(hooli) == before
    assert "hooli is backed up" in run("backup", "hooli")
    assert verify(Backup.objects.select_related("vault").get(vault__tenant=hooli)) == ""
    run("restore_organisation", "hooli")
    sandbox = Tenant.objects.get(slug="hooli-sandbox")
    assert (sums(sandbox), node_of(sandbox), list(differences([sandbox]))) == (sums(hooli), None, [])
    assert "are the same" in run("restore_organisation", "hooli", compare=True)
    placed = hooli.schema_name
    run("restore_organisation", "hooli", take_over=True)
    hooli.refresh_from_db()
    assert (hooli.schema_name, node_of(hooli)) == (sandbox.schema_name, None)
    # The placed one is the sandbox now, and is removed from its node.
    run("restore_organisation", "hooli", discard=True)
    for node in cluster.nodes:
        assert node.query("SELECT FROM pg_roles WHERE rolname = %s", [placed]) == []


@needs("profiles.exports")
def test_an_export_is_the_organisation_and_comes_in_elsewhere(hooli, folder):
    make_rows(hooli)
    run("export_organisation", "hooli", output=str(folder / "before.zip"))
    place(hooli, "--node", "n1")
    path = str(folder / "placed.zip")
    run("export_organisation", "hooli", output=path)
    assert "are the same" in run("compare_organisations", str(folder / "before.zip"), path)
    run("import_organisation", path, slug="elsewhere")
    assert "are the same" in run("compare_organisations", path, "elsewhere")
    assert node_of(Tenant.objects.get(slug="elsewhere")) is None


@needs("profiles.exports")
def test_what_is_written_meanwhile_is_in_none_of_the_rows_read_after(hooli):
    from profiles.exports.exporting import snapshot

    place(hooli, "--node", "n1")

    def write() -> None:
        with within(hooli):
            User.objects.create_user("late", "late@hooli.example", "secret")
        connections.close_all()

    with within(hooli), snapshot():
        assert User.objects.count() == 5
        other = Thread(target=write)
        other.start()
        other.join()
        assert User.objects.count() == 5
    with within(hooli):
        assert User.objects.count() == 6
    connection.close()

"""A backup by COPY and one by pg_dump are the same organisation, and the one by COPY costs the same among thousands."""

from io import BytesIO

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from profiles.backups import copying
from profiles.backups.models import Backup
from profiles.backups.restoring import verify
from profiles.exports.exporting import snapshot
from tenants.context import as_owner, within
from tenants.models import Tenant
from tenants.schemas.drift import differences as drift
from tests.tenants.commands import run


@pytest.mark.slow
@pytest.mark.parametrize("way", ["copy", "pg_dump"])
def test_either_way_it_comes_back_with_what_was_changed_by_hand(initech, settings, way):
    """Also what only this organisation has, and rows that COPY has to write with care."""
    settings.BACKUP_WITH = way
    with within(initech), as_owner(), connection.cursor() as cursor:
        cursor.execute(
            "CREATE TABLE odd (id bigint GENERATED ALWAYS AS IDENTITY, text text, double text GENERATED ALWAYS AS"
            " (text || text) STORED, at timestamptz DEFAULT now(), raw bytea, span interval)"
        )
        cursor.execute("CREATE VIEW oddly AS SELECT text FROM odd")
        cursor.execute(
            r"INSERT INTO odd (text, raw, span) VALUES"
            r" (E'tab\t, line\n\\.\nCOPY x FROM stdin;\n', E'\\x00ff', '1 day'),"
            " (NULL, NULL, NULL), (current_schema(), '', '1 mon')"
        )
    run("backup", "initech")
    backup = Backup.objects.select_related("vault").get()
    assert verify(backup) == ""
    run("restore_organisation", "initech", at="2100-01-01")
    sandbox = Tenant.objects.get(slug="initech-sandbox")
    assert list(map(str, drift([sandbox]))) == list(map(str, drift([initech])))
    with within(sandbox), as_owner(), connection.cursor() as cursor:
        cursor.execute("SELECT text FROM oddly")
        assert (initech.schema_name,) in cursor.fetchall()


@pytest.mark.slow
def test_tables_that_are_empty_in_the_first_organisation_have_rows_in_the_second(initech, new_tenant):
    copying._known.clear()
    new_tenant("globe")
    for slug in ("globe", "initech"):
        run("backup", slug)
        assert verify(Backup.objects.select_related("vault").get(vault__tenant__slug=slug)) == ""


def test_second_organisation_reads_no_catalogue_of_all(initech, new_tenant):
    globe = new_tenant("globe")
    sent = [sent_for(tenant) for tenant in (initech, initech, globe)]
    assert sent[1] == sent[2] == [sql for sql in sent[2] if "relnamespace" not in sql and "pg_depend d" not in sql]
    assert len(sent[2]) < 150


def sent_for(tenant: Tenant) -> list[str]:
    with within(tenant), snapshot(), CaptureQueriesContext(connection) as found:
        copying.write_copy(tenant, BytesIO())
    texts = [query["sql"].replace(tenant.schema_name, "schema") for query in found]
    return [sql for sql in texts if "application_name" not in sql and "setval" not in sql]

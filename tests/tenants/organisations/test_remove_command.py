"""The command that removes an organisation: it lists what will be deleted, and asks."""

import io
from collections.abc import Callable

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.template.defaultfilters import filesizeformat

from tenants.context import as_owner, public, within
from tenants.errors import WrongState
from tenants.models import Tenant
from tenants.organisations import remove
from tenants.schemas.spares import make_spare
from tests.tenants.commands import run
from tests.tenants.removing import SCHEMA, left_of
from tests.tenants.where import ask_all

pytestmark = pytest.mark.usefixtures("media")


@pytest.fixture
def typing(monkeypatch) -> Callable[[str], None]:
    """Set what the operator types."""
    return lambda text: monkeypatch.setattr("sys.stdin", io.StringIO(text))


SIZES = """
SELECT count(*), sum(pg_table_size(c.oid) + pg_indexes_size(c.oid))
FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace WHERE nspname = %s AND relkind IN ('r', 'p', 'm')
"""
# Autovacuum makes tables smaller, by what other tests' rollbacks have left in them. It does not touch a locked one.
KEEP_SIZES = """
DO $$ DECLARE name regclass; BEGIN
    FOR name IN SELECT oid FROM pg_class WHERE relnamespace = current_schema()::regnamespace AND relkind = 'r'
    LOOP EXECUTE format('LOCK TABLE %s IN SHARE UPDATE EXCLUSIVE MODE', name); END LOOP;
END $$
"""


@pytest.mark.parametrize("media", ["disk", pytest.param("bucket", marks=pytest.mark.slow)], indirect=True)
def test_it_says_first_what_goes(media, furnished, typing, capsys):
    acme, _ = furnished
    with within(acme), as_owner(), connection.cursor() as cursor:
        cursor.execute(
            "CREATE VIEW addresses AS SELECT email FROM profiles_user; CREATE SEQUENCE numbers;"
            "CREATE MATERIALIZED VIEW names AS SELECT username FROM profiles_user;"
            "CREATE TABLE log (day date) PARTITION BY RANGE (day)"
        )
        cursor.execute(KEEP_SIZES)
    with as_owner():
        [(tables, size)] = ask_all(SIZES, acme.schema_name)
    typing("")
    out = io.StringIO()
    with pytest.raises(CommandError, match="Nothing was removed"):
        call_command("remove_organisation", "acme", stdout=out)
    assert " ".join(out.getvalue().split()) == (
        f"Acme (acme, active) will be removed for good: schema {acme.schema_name} members 5"
        f" tables {tables}, {filesizeformat(size)} files 3, 14 bytes"
    ).replace("\xa0", " ")
    assert "Type acme to remove it: " in capsys.readouterr().out


@pytest.mark.parametrize("typed", ["", "globex\n", "y\n", "Acme\n"])
def test_who_does_not_type_its_slug_removes_nothing(acme, typing, typed):
    typing(typed)
    with pytest.raises(CommandError, match=r"not its slug\. Nothing was removed"):
        run("remove_organisation", "acme")
    assert Tenant.objects.get(pk=acme.pk).state == "active"


def test_who_types_its_slug_removes_it(acme, typing, media):
    typing("acme\n")
    run("remove_organisation", acme.schema_name)
    assert left_of(acme, media) == []


def test_neither_the_template_nor_a_spare_is_removed(db):
    for tenant in (Tenant.objects.template(), make_spare()):
        with pytest.raises(CommandError, match=f"{tenant.schema_name} is not an organisation, but a {tenant.state}"):
            run("remove_organisation", tenant.schema_name, interactive=False)
        with pytest.raises(WrongState):
            remove.remove(tenant)
        assert ask_all(SCHEMA, tenant.schema_name)


def test_one_whose_schema_and_role_are_lost_can_be_removed(acme, media):
    with as_owner(), public(), connection.cursor() as cursor:
        cursor.execute(f"DROP SCHEMA {acme.schema_name} CASCADE; DROP ROLE {acme.schema_name}")
    assert "members 0 tables 0, 0" in " ".join(run("remove_organisation", "acme", interactive=False).split())
    assert left_of(acme, media) == []

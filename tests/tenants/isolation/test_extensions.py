"""PostgreSQL's extensions: one for all organisations, usable by each, or refused with an explanation."""

from io import StringIO

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.core.management import CommandError, call_command
from django.db import Error, connection, transaction

from tenants.context import public, within
from tenants.isolation.extensions import refuse_extra_paths, state
from tenants.models import Tenant
from tenants.schemas.spares import make_spare
from tests.tenants.migrating import assert_all_equal_the_template, later_code, migrate, sql
from tests.tomorrow import TODAY

VECTORS, TRUSTED = "tests.tomorrows.vectors", "tests.tomorrows.trusted"


def search_path(tenant: Tenant) -> str:
    with within(tenant), connection.cursor() as cursor:
        cursor.execute("SHOW search_path")
        return str(cursor.fetchone()[0]).replace('"', "")


def test_without_any_an_organisation_sees_its_own_schema_alone(acme):
    assert search_path(acme) == acme.schema_name


@pytest.mark.slow
@pytest.mark.parametrize(
    ("extensions", "code", "query", "found"),
    [
        (["vector"], VECTORS, "SELECT count(*), min(place <-> '[1,3]') FROM profiles_profile", 2),
        # Trusted ones: the owner of a database may create them. The bundled server does not have them.
        (
            ["citext", "pg_trgm"],
            TRUSTED,
            "SELECT count(*), min(similarity(motto::text, 'onward')) FROM profiles_profile WHERE motto = 'ONWARDS'",
            pytest.approx(2 / 3),
        ),
    ],
    ids=["vector", "trusted"],
)
def test_all_organisations_have_what_an_extension_brings(own_database, settings, extensions, code, query, found):
    """Those that are there, and those that come later; each with its own role's rights."""
    settings.EXTENSIONS = extensions
    if missing := [each.name for each in state() if not each.is_offered]:
        pytest.skip(f"This PostgreSQL does not offer {', '.join(missing)}.")
    with public():
        acme = Tenant.objects.get(slug="acme")
    connection.close()
    with later_code(code):
        migrate()
        later = make_spare()
        assert_all_equal_the_template()
        call_command("check_schemas", stdout=StringIO())
        assert search_path(acme) == f"{acme.schema_name}, extensions"
        for tenant, rows in ((acme, 5), (later, 0)):
            with within(tenant), connection.cursor() as cursor:
                cursor.execute(query)
                assert cursor.fetchone() == (rows, found if rows else None)
                with pytest.raises(Error, match="permission denied"), transaction.atomic():
                    cursor.execute("CREATE TABLE extensions.planted ()")
        with pytest.raises(CommandError, match=f"would drop the extension {extensions[0]} for all organisations"):
            migrate("profiles", TODAY)


def test_a_migration_that_makes_one_is_refused_before_anything_is_changed(acme):
    """Django would make it in the template's own schema, where no other organisation finds it."""
    before = list(Tenant.objects.order_by("pk").values())
    with later_code(VECTORS), pytest.raises(CommandError, match=r"profiles\.9002_vector.*Set EXTENSIONS to vector"):
        migrate()
    assert list(Tenant.objects.order_by("pk").values()) == before
    assert sql(acme, "SELECT FROM pg_extension WHERE extname = 'vector'") == []


def test_one_that_the_server_does_not_offer_is_named(acme, settings):
    settings.EXTENSIONS = ["pg_nonsense"]
    with pytest.raises(CommandError, match="does not offer the extension pg_nonsense"):
        migrate()
    out = StringIO()
    with pytest.raises(CommandError):
        call_command("check_schemas", stdout=out)
    assert "does not offer the extension pg_nonsense" in out.getvalue()


def test_one_in_another_schema_is_named(acme, settings):
    settings.EXTENSIONS = ["plpgsql"]
    with pytest.raises(CommandError, match=r"plpgsql is in the schema pg_catalog, .* SET SCHEMA extensions"):
        migrate()


def test_other_schemas_on_the_path_are_refused_at_the_start(settings):
    settings.PG_EXTRA_SEARCH_PATHS = ["extensions"]
    with pytest.raises(ImproperlyConfigured, match="set EXTENSIONS"):
        refuse_extra_paths()

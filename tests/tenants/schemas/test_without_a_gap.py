"""During and after `migrate`, running code continues with compatible migrations, and so does older code."""

import pytest
from django.core.management import CommandError, call_command
from django.db import transaction

from profiles.testing import SiteClient
from tenants.context import public
from tenants.errors import NoSpare, SchemaIncomplete, TemplateStale
from tenants.models import Tenant
from tenants.schemas.spares import claim_spare, make_spare, top_up
from tenants.tasks import workable
from tests.tenants.migrating import assert_all_equal_the_template, columns, later_code, migrate, sql
from tests.tomorrow import TODAY

AN_ADDRESS = {"name": "Works", "slug": "works", "domain": "works.localhost"}
COMPATIBLE = "tests.tomorrows.compatible"


def named(slug: str) -> Tenant:
    with public():
        return Tenant.objects.get(slug=slug)


def is_served(tenant: Tenant) -> bool:
    """Does the present code serve it, pages and jobs?"""
    tenant.refresh_from_db()
    status = SiteClient(tenant).get("/").status_code
    assert status in (302, 503)
    try:
        workable(tenant.schema_name)
    except SchemaIncomplete:
        assert status == 503
        return False
    return status == 302


@pytest.mark.slow
def test_old_and_new_code_serve_side_by_side(own_database, capsys):
    """A column, a table, a concurrent index, and rows in a migration that says it is compatible."""
    acme, spare = named("acme"), make_spare()
    with later_code(COMPATIBLE):
        assert not is_served(acme)
        migrate()
        assert is_served(acme)
        assert_all_equal_the_template()
    assert is_served(acme)
    assert "nickname" in columns(acme, "profiles_profile")
    with public():
        assert claim_spare(**AN_ADDRESS) == spare
        assert top_up() > 0
    assert_all_equal_the_template()
    # What an old deployment asks for, and does, when it is started again.
    migrate(check_unapplied=True)
    assert "All organisations are up to date." in migrate()
    call_command("tenants")
    assert "behind" not in capsys.readouterr().out
    with later_code(COMPATIBLE):
        assert claim_spare(**AN_ADDRESS | {"slug": "more", "domain": "more.localhost"}).is_complete


@pytest.mark.slow
def test_old_code_serves_one_that_is_on_its_way(own_database):
    """Between two transactions of `migrate`, and after the second one failed."""
    acme = named("acme")
    sql(acme, "CREATE TABLE profile_by_nickname ()")
    with later_code(COMPATIBLE), pytest.raises(CommandError, match=r"1 of .* organisations failed"):
        migrate()
    assert "nickname" in columns(acme, "profiles_profile")
    assert is_served(acme)
    sql(acme, "DROP TABLE profile_by_nickname")
    with later_code(COMPATIBLE):
        assert "1 organisations migrated." in migrate()
        assert_all_equal_the_template()
    assert is_served(acme)


@pytest.mark.slow
def test_one_that_has_missed_a_release_is_served_by_code_that_serves_the_template(own_database):
    acme = named("acme")
    with later_code(COMPATIBLE):
        migrate("profiles", "9002")
        migrate("profiles", TODAY, tenant="acme")
        migrate()
        assert_all_equal_the_template()
    assert acme.pk in Tenant.objects.complete().values_list("pk", flat=True)
    assert len({tuple(each) for each in Tenant.objects.values_list("also_served_by", flat=True)}) == 1


@pytest.mark.slow
def test_what_old_code_cannot_go_on_with_it_does_not_serve(acme, globex):
    spare = make_spare()
    with later_code("tests.tomorrow"):
        migrate()
        assert is_served(acme)
    assert not is_served(acme)
    with pytest.raises(NoSpare), transaction.atomic():
        claim_spare(**AN_ADDRESS)
    with pytest.raises(TemplateStale):
        make_spare()
    assert not Tenant.objects.complete().filter(pk=spare.pk).exists()


@pytest.mark.slow
def test_old_code_does_not_take_what_is_ahead_for_its_own(acme):
    """Like a deployment that is rolled back, which runs `migrate` too."""
    with later_code("tests.tomorrow"):
        migrate()
    before = list(Tenant.objects.order_by("pk").values())
    with pytest.raises(CommandError, match=r"ahead of this code: they have profiles\.9002_nickname, .*Deploy the code"):
        migrate()
    assert list(Tenant.objects.order_by("pk").values()) == before
    with later_code("tests.tomorrow"):
        assert is_served(acme)


@pytest.mark.slow
def test_what_is_taken_back_is_served_by_the_code_before(own_database):
    acme = named("acme")
    with later_code(COMPATIBLE):
        migrate()
        migrate("profiles", TODAY)
        assert not is_served(acme)
    assert is_served(acme)


@pytest.mark.slow
def test_no_code_serves_a_tenant_whose_state_is_unknown(acme):
    with later_code("tests.tomorrow"):
        migrate("profiles", "9002")
    Tenant.objects.filter(pk=acme.pk).update(fingerprint="", also_served_by=Tenant.objects.template().also_served_by)
    assert not is_served(acme)
    assert not Tenant.objects.complete().filter(pk=acme.pk).exists()


@pytest.mark.slow
def test_only_so_many_older_states_are_remembered(acme):
    Tenant.objects.update(also_served_by=[f"older {number}" for number in range(20)])
    with later_code("tests.tomorrows.said"):
        migrate()
        remembered = Tenant.objects.template().also_served_by
        assert len(remembered) == 8
        assert remembered[-2] == "older 19"


def test_the_plan_says_that_there_is_no_gap(acme):
    with later_code(COMPATIBLE):
        said = migrate(plan=True)
    assert "No gap: running code continues to serve" in said


def test_the_plan_says_what_the_gap_is_and_how_to_avoid_it(acme):
    with later_code("tests.tomorrow"):
        said = migrate(plan=True)
    assert "A gap: each organisation is answered 503 from its own migration until the new code runs." in said
    assert "profiles.9002_nickname: Add field nickname to profile: running code does not know the column" in said
    assert "Add `db_default`, or `null=True`." in said
    assert "profiles.9003_shout" in said
    assert "Mind that" in said
    assert "cannot delete a row of profiles.User" in said


def test_the_plan_of_nothing_has_no_gap(acme):
    assert "No gap" in migrate(plan=True)

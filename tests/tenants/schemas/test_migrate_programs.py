"""Functions, triggers, views and types that a migration creates exist in every organisation, also in later ones."""

from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from tenants.models import Tenant
from tenants.schemas.spares import make_spare
from tests.tenants.migrating import all_differences, assert_all_equal_the_template, columns, later_code, migrate, sql
from tests.tomorrow import TODAY


@pytest.mark.slow
def test_they_are_in_those_that_are_there_and_in_later_ones(acme):
    with later_code("tests.tomorrows.programs"):
        migrate()
        later = make_spare()
        assert_all_equal_the_template()
        sql(acme, "UPDATE profiles_profile SET bio = 'a' WHERE id = 1")
        assert sql(acme, "SELECT id FROM loud") == [(1,)]
        assert sql(later, "SELECT id FROM loud") == []
        migrate("profiles", TODAY)
        assert_all_equal_the_template()


@pytest.mark.slow
def test_what_cannot_be_copied_is_refused_before_anything_is_changed(acme):
    before = list(Tenant.objects.order_by("pk").values())
    with later_code("tests.tomorrows.uncopied"):
        with pytest.raises(
            CommandError, match=r"would hold objects that cannot be copied.*policy planted.*No organisation"
        ):
            migrate()
        template = Tenant.objects.template()
        for tenant in (template, acme):
            assert "nickname" not in columns(tenant, "profiles_profile")
    assert list(Tenant.objects.order_by("pk").values()) == before
    assert all_differences() == []
    assert make_spare().is_complete


def test_check_schemas_names_it(acme):
    """Created by hand, or by a version without this check."""
    sql(Tenant.objects.template(), "CREATE POLICY planted ON profiles_profile")
    out = StringIO()
    with pytest.raises(CommandError, match="new organisations would lack, or share"):
        call_command("check_schemas", stdout=out)
    assert "The template: policy planted on table profiles_profile cannot be copied." in out.getvalue()

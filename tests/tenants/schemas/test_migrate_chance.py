"""Random values differ: each organisation has its own, and none copies the template's."""

from io import StringIO

import pytest
from django.apps import apps
from django.core.management import CommandError, call_command

from profiles.models import User
from shared.capabilities.checks import check_capabilities
from tenants.context import within
from tenants.models import Tenant
from tenants.schemas.spares import make_spare
from tests.tenants.migrating import assert_all_equal_the_template, later_code, migrate, sql

KEYS = "SELECT DISTINCT key FROM profiles_profile"
GROUPS = "SELECT name FROM auth_group"


@pytest.mark.slow
def test_a_default_that_is_called_is_called_for_each_organisation(acme, globex):
    """Two organisations, and a spare that has a member."""
    spare = make_spare()
    with within(spare):
        User.objects.create_user("rita", "rita@example.com")
    with later_code("tests.tomorrows.chance"):
        migrate()
        assert len({sql(tenant, KEYS)[0] for tenant in (acme, globex, spare)}) == 3
        assert sql(acme, "SELECT DISTINCT answers FROM profiles_profile") == [("{}",)]
        assert sql(make_spare(), KEYS) == []
        assert_all_equal_the_template()


@pytest.mark.slow
def test_rows_that_later_organisations_would_share_are_refused_before_anything_is_changed(acme):
    before = list(Tenant.objects.order_by("pk").values())
    with later_code("tests.tomorrows.rows"):
        with pytest.raises(CommandError, match=r"rows of auth_group.*No organisation was changed.*same_rows"):
            migrate()
        assert sql(acme, GROUPS) == []
    assert list(Tenant.objects.order_by("pk").values()) == before
    assert sql(Tenant.objects.template(), GROUPS) == []


@pytest.mark.slow
def test_rows_that_are_the_same_everywhere_are_declared(acme, globex, monkeypatch):
    monkeypatch.setattr(apps.get_app_config("profiles"), "same_rows", ("auth.Group",))
    with later_code("tests.tomorrows.rows"):
        migrate()
        groups = [sql(tenant, GROUPS) for tenant in (Tenant.objects.template(), acme, globex, make_spare())]
        assert groups[0] == groups[3]
        assert len({name for [(name,)] in groups[:3]}) == 3


@pytest.mark.slow
def test_rows_that_each_organisation_has_its_own_of_leave_the_template_out(acme, globex):
    with later_code("tests.tomorrows.own_rows"):
        migrate()
        assert len({sql(tenant, GROUPS)[0] for tenant in (acme, globex)}) == 2
        assert sql(make_spare(), GROUPS) == []


def test_a_declaration_of_a_model_that_is_not_there_is_an_error(monkeypatch):
    monkeypatch.setattr(apps.get_app_config("profiles"), "same_rows", ("auth.Gruop",))
    assert "rows of 'auth.Gruop'" in str(check_capabilities(app_configs=None))


@pytest.mark.slow
def test_check_schemas_names_rows_in_the_template(acme):
    """Created by hand, or by a version without this check."""
    sql(Tenant.objects.template(), "INSERT INTO auth_group (name) VALUES ('planted')")
    out = StringIO()
    with pytest.raises(CommandError, match="or share"):
        call_command("check_schemas", stdout=out)
    assert "The template: rows of auth_group would be copied, but no app has it in `same_rows`." in out.getvalue()

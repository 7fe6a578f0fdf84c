"""Code that iterates over all organisations skips those that are being removed, or have been."""

import pytest
from django.core.management import CommandError, call_command

from profiles.testing import needs
from shared.capabilities.registry import call
from tenants.context import as_owner
from tenants.errors import TenantGone
from tenants.models import Tenant
from tenants.organisations import remove
from tests.tenants import jobs
from tests.tenants.commands import run
from tests.tenants.where import ask_all

pytestmark = pytest.mark.usefixtures("media")


@pytest.fixture(params=["leaving", "removed"])
def gone(request, acme) -> Tenant:
    """Its removal was killed after its tables; or is through."""
    if request.param == "removed":
        remove.remove(acme)
    else:
        remove.close(acme)
        remove.drop_tables(acme)
    return Tenant.objects.get(pk=acme.pk)


def test_migrate_leaves_it_alone(gone):
    Tenant.objects.filter(pk=gone.pk).update(fingerprint="old")
    assert "All organisations are up to date." in run("migrate")
    assert "0 organisations are behind." in run("migrate", check_unapplied=True)


def test_check_schemas_leaves_it_alone(gone):
    assert "schemas equal the template" in run("check_schemas")


def test_grant_roles_gives_it_none(gone):
    call_command("grant_roles", verbosity=0)
    with as_owner():
        assert (
            ask_all(
                "SELECT FROM pg_namespace WHERE nspname = %s AND nspacl::text LIKE '%%'||nspname||'=%%'",
                gone.schema_name,
            )
            == []
        )


def test_the_list_shows_it(gone):
    [line] = [line for line in run("tenants").splitlines() if line.startswith("acme ")]
    assert line.split()[2:4] == [gone.state, "-"]


@pytest.mark.parametrize("command", ["shell", "migrate", "check_schemas", "unsent_mail", "make_profiles"])
def test_no_command_works_in_it(gone, command):
    with pytest.raises(CommandError, match=f"acme is {gone.state}"):
        call_command(command, tenant="acme")


def test_its_jobs_are_over(gone):
    with pytest.raises(TenantGone):
        jobs.greet.run(schema_name=gone.schema_name, arguments={"pk": 1})


@needs("profiles.demo")
def test_production_starts_where_the_demo_was_removed(gone):
    assert call("before_production") == [""]

"""What tests begin with is read once: profiles/testing/plugin.py."""

import pytest
from django.db import connection

from profiles.testing.plugin import start
from tenants.context import public
from tenants.models import Domain, Tenant
from tenants.serving import hosts

HOST = "acme.localhost"


def sql(statement: str, *values: int) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)


def found() -> Tenant:
    place = hosts.find(HOST)
    assert place
    return place.tenant


def test_a_first_visit_needs_no_look_up(acme, visitor, django_assert_num_queries):
    with django_assert_num_queries(0):
        assert (found(), found().domain) == (acme, HOST)


@pytest.mark.parametrize(
    "change",
    [
        lambda acme: Tenant.objects.filter(pk=acme.pk).update(name="Peak"),
        lambda acme: Tenant.objects.bulk_update([Tenant(pk=acme.pk, name="Peak")], ["name"]),
        lambda acme: Tenant.objects.raw("UPDATE tenants_tenant SET name = 'Peak' WHERE id = %s RETURNING *", [acme.pk])[
            0
        ],
    ],
    ids=["update", "bulk_update", "sql"],
)
def test_a_first_visit_finds_what_the_test_has_changed(acme, change):
    with public():
        change(acme)
    assert found().name == "Peak"


def test_nor_a_host_that_the_test_has_taken_away(acme):
    with public():
        Domain.objects.filter(domain=HOST)._raw_delete("default")
    assert hosts.find(HOST) is None


def test_a_later_visit_finds_what_a_process_remembers(acme):
    found()
    with public():
        Tenant.objects.filter(pk=acme.pk).update(name="Peak")
    assert found().name == "Acme"


def test_what_a_test_changes_of_its_copies_stays_in_it(acme, owner):
    acme.name = owner.profile.bio = "Changed"
    assert start.tenant("acme").name != "Changed"
    assert start.person("acme", "owner").profile.bio != "Changed"

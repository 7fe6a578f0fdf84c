"""Operators, who may be one and what others see; the census; and the list of organisations."""

import csv

import psycopg
import pytest
from allauth.mfa.models import Authenticator
from django.core import mail
from django.core.management import CommandError, call_command
from django.db import IntegrityError, connection, transaction
from django.urls import reverse

from config.bundled.server import SUPERUSER
from profiles.models import User
from profiles.operators import census
from profiles.operators.models import Census
from profiles.roles import Role
from profiles.testing import SiteClient, person
from tenants.context import as_owner, public, within
from tenants.models import Domain, Tenant
from tenants.schemas.spares import make_spare
from tenants.signals import removal_is_done


def test_the_first_operator_makes_the_organisation_and_the_next_one_joins_it(run_jobs):
    make_spare()
    told = call_command("make_operator", "Vera@vendor.example")
    staff = Tenant.objects.get(is_operators=True)
    assert (staff.slug, staff.state) == ("staff", "active")
    call_command("make_operator", "otto@vendor.example")
    with within(staff):
        found = {user.email: user.role for user in User.objects.all()}
    assert found == {"vera@vendor.example": Role.OWNER, "otto@vendor.example": Role.OWNER}
    run_jobs()
    assert [sent.to for sent in mail.outbox] == [["vera@vendor.example"], ["otto@vendor.example"]]
    assert all("Confirm your email address" in sent.subject for sent in mail.outbox)
    browser = SiteClient(staff)
    assert browser.get("/" + told.split("/", 3)[3].strip()).status_code == 302  # signs Vera in
    assert browser.get("/console/")["Location"] == "/account/2fa/"  # who has no second factor yet
    with pytest.raises(CommandError, match="no email address"):
        call_command("make_operator", "vera")


def test_a_spare_with_people_in_it_is_not_made_the_operators(db):
    """Although it is the oldest one."""
    with within(spare := make_spare()):
        User.objects.create_user("early", "early@acme.example")
    call_command("make_operator", "vera@vendor.example")
    assert Tenant.objects.get(is_operators=True) != spare
    spare.refresh_from_db()
    assert (spare.state, spare.is_complete) == (Tenant.State.SPARE, False)


def test_there_is_one_organisation_of_operators(staff, acme):
    with pytest.raises(IntegrityError), public(), transaction.atomic():
        Tenant.objects.filter(pk=acme.pk).update(is_operators=True)


def test_an_operator_without_a_second_factor_sees_nothing_but_the_way_to_it(staff):
    reader = person(staff, "reader")
    with within(staff):
        Authenticator.objects.filter(user=reader).delete()
    browser = SiteClient(staff).sign_in(reader)
    for path in ("/", "/people/", "/console/"):
        assert browser.get(path)["Location"] == "/account/2fa/"
    assert browser.get("/account/2fa/").status_code == 200
    for picture in (reverse("look_icon", args=["#2456b8"]), "/people/reader/initials.svg"):
        assert browser.get(picture).status_code == 200
    assert "Turn it on to continue" not in browser.get("/account/2fa/").text


def test_members_of_other_organisations_have_no_console(acme, staff, as_user, owner):
    assert "/console/" not in as_user(owner).get("/").content.decode()


# --- Census and list ------------------------------------------------------------------------------------------------


def test_the_census_counts_each_organisation_and_names_no_one(acme, globex, owner):
    with within(acme):
        User.objects.filter(pk=owner.pk).update(last_seen="2026-11-01T10:00Z")
    with public(), connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO procrastinate_jobs (queue_name, task_name, args, status) VALUES "
            "('mail', 'profiles.deliver', %s, 'failed')",
            [f'{{"schema_name": "{acme.schema_name}"}}'],
        )
    assert census.take() == 2
    assert census.take() == 2  # again, in place of the first
    with public():
        counted = Census.objects.get(tenant=acme)
        assert Census.objects.get(tenant=globex).failed_jobs == 0
    assert (counted.members, counted.owners, counted.failed_jobs) == (4, 1, 1)
    assert str(counted.last_seen) == "2026-11-01 10:00:00+00:00"
    assert counted.schema_bytes > 500_000
    text = str(Census.objects.filter(pk=counted.pk).values().get())
    assert not [word for word in ("Olga", "owner@", "Rita") if word in text]


def test_an_organisation_that_cannot_be_counted_does_not_stop_the_census(acme, globex):
    with within(acme), as_owner(), connection.cursor() as cursor:
        cursor.execute("ALTER TABLE profiles_user RENAME TO lost")
    assert census.take() == 1


def test_the_list_is_searched_filtered_sorted_and_taken_along(operator, acme, staff):
    census.take()
    with public():
        Census.objects.filter(tenant=acme).update(owners=0, members=70)
        Domain.objects.create(tenant=acme, domain="people.acme.example", is_primary=False)
    found = lambda query: [row.slug for row in operator.get(f"/console/organisations/?{query}").context["page"].rows]  # noqa: E731
    assert found("") == ["acme", "globex"]
    assert found("sort=-slug") == ["globex", "acme"]
    assert found("sort=-members") == ["acme", "globex"]
    assert found("q=people.acme") == ["acme"]
    assert found("q=%00") == ["acme", "globex"]
    assert found("show=ownerless") == ["acme"]
    assert found("show=suspended") == []
    assert found("show=behind") == []
    with public():
        Tenant.objects.filter(pk=acme.pk).update(fingerprint="old")
    assert found("show=behind") == ["acme"]
    assert found("show=nonsense&sort=nonsense") == ["acme", "globex"]
    file = b"".join(operator.get("/console/organisations.csv?q=acme")).decode("utf-8-sig")
    [line] = csv.DictReader(file.splitlines())
    assert (line["slug"], line["members"], line["up_to_date"]) == ("acme", "70", "no")


@pytest.mark.slow
def test_the_page_of_one_whose_tables_are_locked_has_all_but_its_mail(operator, acme):
    page = f"/console/organisations/{acme.pk}/"
    with psycopg.connect(**connection.get_connection_params() | {"user": SUPERUSER}) as other:
        other.execute(f"LOCK TABLE {acme.schema_name}.profiles_refusal NOWAIT")
        text = operator.get(page).text
    assert "Mailboxes that refuse" not in text
    assert "No one can use it, and its jobs and mail wait." in text
    assert "Mailboxes that refuse" in operator.get(page).text


def test_figures_go_with_the_organisation(acme):
    census.take()
    removal_is_done.send(sender=Tenant, tenant=acme)
    with public():
        assert set(Census.objects.values_list("tenant__slug", flat=True)) == {"globex"}

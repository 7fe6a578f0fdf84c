"""An operator makes a sandbox, takes single rows and then all of it over, and removes it: with reasons and entries."""

from urllib.parse import urlsplit

import pytest

from profiles.backups.models import Sandbox
from profiles.members.changes import remove
from profiles.models import User
from profiles.testing import SiteClient, make_people, needs, person
from profiles.testing.jobs import run_jobs
from profiles.testing.matrix import as_operators
from tenants.context import public, within
from tenants.models import Tenant
from tests.profiles.backups.conftest import initech, media, shelf  # noqa: F401  fixtures of backups
from tests.profiles.operators.console import REASON, entries
from tests.tenants.commands import run

GIVEN = {"reason": REASON}


@pytest.fixture
def staff(new_tenant) -> Tenant:
    """Of this test's own, committed: the jobs of a sandbox are other transactions."""
    tenant = new_tenant("vendor")
    with within(tenant):
        make_people("vendor")
    return as_operators(tenant)


@pytest.fixture
def operator(staff) -> SiteClient:
    return SiteClient(staff).sign_in(person(staff, "owner")).give_password()


def latest(tenant: Tenant) -> str:
    return entries(tenant)[0].kind


def usernames(tenant: Tenant) -> set[str]:
    with within(tenant):
        return set(User.objects.active().values_list("username", flat=True))


def test_operator_works_with_a_sandbox_in_the_console(initech, staff, operator):  # noqa: F811
    place = f"/console/organisations/{initech.pk}/sandbox/"
    assert place in operator.get(f"/console/organisations/{initech.pk}/").text
    assert "There is no sandbox" in operator.get(place).text
    assert "not possible" in operator.get(f"{place}actions/discard_sandbox/", follow=True).text

    make = f"{place}actions/make_sandbox/"
    taken = operator.post(make, GIVEN | {"backup": "0", "slug": "initech"})
    assert "taken" in taken.text
    assert "minute" in operator.post(make, GIVEN | {"backup": "0", "slug": "initech-old"}, follow=True).text
    assert "being done already" in operator.post(make, GIVEN | {"backup": "0", "slug": "initech-old"}).text
    assert (latest(initech), latest(staff)) == ("organisation.sandbox_asked", "console.make_sandbox")
    run_jobs()
    assert "Everything is the same" in operator.get(place).text

    with within(initech):
        User.objects.filter(username="admin").update(first_name="Adamo")
        reader = User.objects.get(username="reader")
        remove(actor=User.objects.get(username="owner"), member=reader)
    page = operator.get(place).text
    assert f"{place}rows/profiles.User/" in page
    assert "Rita" not in page

    rows = f"{place}rows/profiles.User/"
    assert "Rita" not in operator.get(rows).text
    assert "at least 10" in operator.post(rows, {"reason": "why"}).text
    seen = operator.post(rows, GIVEN)
    assert "Rita Reader · reader" in seen.text
    assert "<h1>Members</h1>" in seen.text
    assert "no-store" in seen["Cache-Control"]
    assert (latest(initech), latest(staff)) == ("organisation.sandbox_rows_seen", "console.sandbox_rows")

    take, chosen = f"{place}take/profiles.User/", GIVEN | {"what": "profiles.User", "row": [reader.pk]}
    assert operator.post(take, {"what": "profiles.User", "row": [reader.pk]})["Location"] == rows
    asked = operator.post(take, chosen).text
    assert "Profiles" in asked
    assert "reader" not in usernames(initech)
    wrong = operator.post(take, chosen | {"row": ["999"], "sure": "1"}).text
    assert "Nothing was changed." in wrong
    assert operator.post(take, chosen | {"sure": "1"})["Location"] == place
    assert "reader" in usernames(initech)
    ours, theirs = entries(staff)[0], entries(initech)[0]
    assert (ours.kind, ours.changes["reason"]) == ("console.take_rows", ["", REASON])
    assert (theirs.kind, theirs.actor, theirs.actor_id) == ("organisation.rows_restored", "operator", None)

    operator.post(f"{place}actions/take_sandbox_over/", GIVEN)
    now = Tenant.objects.get(pk=initech.pk)
    assert (now.slug, person(now, "admin").first_name) == ("initech", "Adam")
    assert (latest(now), latest(staff)) == ("organisation.restored", "console.take_sandbox_over")
    assert entries(now)[0].actor == "operator"

    operator.post(f"{place}actions/discard_sandbox/", GIVEN)
    run_jobs()
    with public():
        assert not Sandbox.objects.exists()
    assert not Tenant.objects.filter(slug="initech-old").exists()
    assert (latest(now), latest(staff)) == ("organisation.sandbox_discarded", "console.discard_sandbox")


def test_sandbox_and_operators_have_no_such_page(initech, staff, operator):  # noqa: F811
    assert operator.get(f"/console/organisations/{staff.pk}/sandbox/").status_code == 404
    place = f"/console/organisations/{initech.pk}/sandbox/"
    assert operator.get(f"{place}actions/suspend/").status_code == 404
    for path in (f"{place}rows/profiles.User/", f"{place}take/profiles.User/"):
        assert operator.post(path, GIVEN).status_code == 404, "There is no sandbox."
    editor = SiteClient(staff).sign_in(person(staff, "editor"))
    assert editor.get(place).status_code == 200
    assert editor.post(f"{place}actions/make_sandbox/", GIVEN | {"backup": "0", "slug": "x"}).status_code == 403


@pytest.mark.slow
@needs("profiles.support")
def test_operator_looks_into_a_sandbox_as_its_owner_who_allows_it(initech, staff, operator):  # noqa: F811
    run("restore_organisation", "initech")
    sandbox = Tenant.objects.get(slug="initech-sandbox")
    asked = GIVEN | {"member": "owner", "minutes": "30"}
    page = f"/console/organisations/{sandbox.pk}/support/"
    assert "does not let support sign in" in operator.get(page).text
    with public():
        Tenant.objects.filter(pk=sandbox.pk).update(support_access="on")
    path = urlsplit(operator.post(page, asked)["Location"]).path
    browser = SiteClient(sandbox)
    assert browser.get(path).status_code == 302
    seen = browser.get("/people/").text
    assert "You are signed in as" in seen
    assert "This is a sandbox" in seen
    assert browser.get("/settings/sandbox/").status_code == 403, "Taking over is not for support."
    assert browser.post("/support/leave/").status_code == 302

"""The audit log by the API: page by page, narrowed down as on its page, for those who read it there."""

from datetime import timedelta

import pytest
from django.apps import apps
from django.utils import timezone

from profiles.members.changes import change_role
from profiles.testing import person
from profiles.testing.installed import needs
from tenants.context import within

pytestmark = needs("profiles.audit")


@pytest.fixture
def used(acme, program, owner):
    """A program of the owner's, after three changes."""
    with within(acme):
        for role in ("editor", "admin", "reader"):
            change_role(actor=owner, member=person(acme, "reader"), role=role)
    return program(owner)


def test_log_is_walked_page_by_page_and_narrowed_down(used):
    found, path = [], "/audit?kind=member.role_changed&limit=2"
    while path:
        told = used.call("GET", path).told
        found += [each["changes"]["role"][1] for each in told["items"]]
        path = (told["next"] or "").partition("/api/v1")[2]
    assert found == ["reader", "admin", "editor"]
    (entry,) = used.call("GET", "/audit?kind=member.role_changed&limit=1").told["items"]
    assert (entry["actor_name"], entry["about"][0]["name"]) == ("Olga Owner", "Rita Reader")
    assert used.call("GET", f"/audit/{entry['id']}").told == entry
    assert used.call("GET", "/audit?q=Rita&kind=member.role_changed").told["items"]
    today = timezone.now().date()
    assert used.call("GET", f"/audit?since={today + timedelta(days=1)}").told["items"] == []
    assert used.call("GET", "/audit?since=yesterday").status_code == 422


def test_entries_of_neighbours_are_not_found(used, globex):
    """Under a number that only globex has."""
    with within(globex):
        model = apps.get_model("audit", "Entry")
        other = model._base_manager.create(pk=10**9, kind="member.left", actor="system", terms=[])
    assert used.call("GET", f"/audit/{other.pk}").status_code == 404


@pytest.mark.parametrize("role", ["reader", "editor"])
def test_members_do_not_read_it(acme, program, role):
    assert program(person(acme, role)).call("GET", "/audit").status_code == 403

"""Groups: who makes and fills them, who sees them, and that they give no right by themselves."""

from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from profiles.groups import changes
from profiles.groups.models import Group, Membership
from profiles.groups.rights import in_group
from profiles.models import User
from profiles.testing import SiteClient, needs, person
from tenants.context import within
from tenants.models import Tenant
from tenants.notices import notify


@pytest.fixture
def rocketry(acme: Tenant, editor: User) -> Group:
    """The editor's."""
    with within(acme):
        group = Group.objects.create(name="Rocketry", description="Engines")
        Membership.objects.create(group=group, user=editor)
        return group


def names_in(tenant: Tenant, group: Group) -> list[str]:
    with within(tenant):
        return list(User.objects.filter(groups=group.pk).order_by("username").values_list("username", flat=True))


def test_an_admin_makes_a_group_fills_it_and_deletes_it(acme: Tenant, as_user: Any, admin: User, reader: User) -> None:
    browser = as_user(admin)
    response = browser.post("/groups/new/", {"name": "Rocketry", "description": "Engines"})
    with within(acme):
        group = Group.objects.get()
    assert response["Location"] == f"/groups/{group.pk}/add/"
    assert "Rita Reader" in browser.get(response["Location"]).content.decode()
    page = browser.post(response["Location"], {"member": [reader.pk, admin.pk]}, follow=True).content.decode()
    assert "2 people were added." in page
    assert "Rita Reader" not in browser.get(f"/groups/{group.pk}/add/").content.decode(), "is in it"
    assert "Rocketry" in browser.get("/people/reader/").content.decode()
    page = browser.post(f"/groups/{group.pk}/take-out/", {"member": reader.pk}, follow=True).content.decode()
    assert "Rita Reader was removed from the group." in page
    assert names_in(acme, group) == ["admin"]
    browser.post(f"/groups/{group.pk}/edit/", {"name": "Rockets", "description": ""})
    assert "Rockets" in browser.get("/groups/").content.decode()
    browser.post(f"/groups/{group.pk}/delete/")
    assert "No groups yet" in browser.get("/groups/").content.decode()
    assert "This group has been deleted." in browser.get(f"/groups/{group.pk}/edit/", follow=True).content.decode()


def test_a_reader_sees_groups_and_active_members_only(
    acme: Tenant, as_user: Any, reader: User, owner: User, gone: User, rocketry: Group
) -> None:
    with within(acme):
        Membership.objects.create(group=rocketry, user=gone)
    page = as_user(reader).get(rocketry.get_absolute_url()).content.decode()
    assert "Edda Editor" in page
    assert "Gregor Gone" not in page
    assert "1 member<" in as_user(reader).get("/groups/").content.decode()
    assert "Gregor Gone" in as_user(owner).get(rocketry.get_absolute_url()).content.decode()


def test_verbs_ask_for_the_right_themselves(acme: Tenant, editor: User, reader: User, rocketry: Group) -> None:
    """Also of an admin who has just become an editor, and still has a page open."""
    editor.role = "admin"
    with within(acme):
        for refused in (
            lambda: changes.make(actor=editor, name="Another"),
            lambda: changes.change(actor=editor, group=rocketry, name="Another", description=""),
            lambda: changes.add(actor=editor, group=rocketry, members=[reader.pk]),
            lambda: changes.take_out(actor=editor, group=rocketry, members=[editor.pk]),
            lambda: changes.delete(actor=editor, group=rocketry),
        ):
            with pytest.raises(PermissionDenied):
                refused()
    assert names_in(acme, rocketry) == ["editor"]


def test_a_name_is_unique_in_any_case(acme: Tenant, as_user: Any, owner: User, rocketry: Group) -> None:
    page = as_user(owner).post("/groups/new/", {"name": "ROCKETRY"}).content.decode()
    assert "There is a group with this name already." in page
    with within(acme):
        with pytest.raises(ValidationError, match=r"'name': .*already"):  # A colleague was faster than the form.
            changes.make(actor=owner, name="rocketry")
        with pytest.raises(IntegrityError), transaction.atomic():
            Group.objects.bulk_create([Group(name="rOCKETRY")])
        with pytest.raises(IntegrityError), transaction.atomic():
            Group.objects.bulk_create([Group(name="")])


@pytest.mark.parametrize("name", ["", " ", "x" * 81, "a\0b", "www.evil.example"])
def test_a_bad_name_is_refused_and_stays_in_the_form(acme: Tenant, as_user: Any, owner: User, name: str) -> None:
    response = as_user(owner).post("/groups/new/", {"name": name, "description": "Kept"})
    assert response.status_code == 200
    assert "Kept" in response.content.decode()
    with within(acme):
        assert not Group.objects.exists()


@pytest.mark.parametrize("keys", [["x"], ["-1"], ["9" * 30], ["²"], []])
def test_what_is_no_member_is_not_added(acme: Tenant, as_user: Any, owner: User, rocketry: Group, keys: list) -> None:
    page = as_user(owner).post(f"/groups/{rocketry.pk}/add/", {"member": keys}, follow=True).content.decode()
    assert "Choose at least one person." in page
    assert names_in(acme, rocketry) == ["editor"]


def test_rights_ask_for_a_group_in_one_statement(acme: Tenant, editor: User, reader: User, rocketry: Group) -> None:
    with within(acme), CaptureQueriesContext(connection) as captured:
        assert in_group(editor, "ROCKETRY")
        assert not in_group(editor, "Rocket")
    assert len([query for query in captured if "groups_membership" in query["sql"]]) == 1
    with within(acme):
        assert not in_group(reader, "Rocketry")
        editor.is_active = False
        assert not in_group(editor, "Rocketry")


def test_a_group_gives_no_rights(acme: Tenant, as_user: Any, editor: User) -> None:
    with within(acme):
        group = Group.objects.create(name="Owners")
        Membership.objects.create(group=group, user=editor)
        assert editor.get_all_permissions() == set()
        assert not editor.has_perm("profiles.change_user")
    assert as_user(editor).get("/settings/").status_code == 403
    assert as_user(editor).post("/groups/new/", {"name": "Mine"}).status_code == 403


@needs("profiles.notices")
def test_a_group_is_told_in_one_call(acme: Tenant, owner: User, reader: User, rocketry: Group) -> None:
    from profiles.notices.models import Notice

    with within(acme):
        rocketry.members.add(reader, owner)
        notify(rocketry.members.all(), "member.welcome", by=owner, organisation="Acme")
        told = Notice.objects.filter(kind="member.welcome").values_list("to__username", flat=True)
        assert sorted(told) == ["editor", "reader"]


def test_people_are_filtered_by_group(as_user: Any, reader: User, rocketry: Group) -> None:
    response = as_user(reader).get("/people/", {"group": rocketry.pk})
    assert [member.username for member in response.context["page"].rows] == ["editor"]
    assert "<option" in response.content.decode()
    for odd in ("x", "999999", "\0", "9" * 30):
        assert as_user(reader).get("/people/", {"group": odd}).status_code == 200


def test_the_same_number_elsewhere_is_another_group(acme: Tenant, globex: Tenant, rocketry: Group) -> None:
    with within(globex):
        theirs = Group.objects.create(pk=rocketry.pk, name="Globex only")
    there = SiteClient(globex).sign_in(person(globex, "owner"))
    assert "Rocketry" not in there.get("/groups/").content.decode()
    there.post(f"/groups/{theirs.pk}/add/", {"member": person(globex, "reader").pk})
    there.post(f"/groups/{theirs.pk}/delete/")
    assert names_in(acme, rocketry) == ["editor"]


@pytest.mark.slow
def test_a_thousand_groups_and_members_cost_what_one_does(
    acme: Tenant, as_user: Any, owner: User, rocketry: Group, django_assert_num_queries: Any
) -> None:
    with within(acme):
        Group.objects.bulk_create(Group(name=f"Group {n}") for n in range(999))
        people = User.objects.bulk_create(User(username=f"m{n}") for n in range(1000))
        Membership.objects.bulk_create(Membership(group=rocketry, user=member) for member in people)
        with pytest.raises(ValidationError, match="1000"):
            changes.make(actor=owner, name="One too many")
    browser = as_user(owner)
    browser.get("/groups/")
    with django_assert_num_queries(3):
        assert "Group 10<" in browser.get("/groups/").content.decode()
    with django_assert_num_queries(5):  # one more counts them
        assert "More than 1,000 people" in browser.get(rocketry.get_absolute_url()).content.decode()
    assert "1,001 members" in browser.get("/groups/?q=engines").content.decode()


def test_a_removed_member_leaves_their_groups(acme: Tenant, editor: User, rocketry: Group) -> None:
    with within(acme):
        User.objects.get(pk=editor.pk).delete()
    assert names_in(acme, rocketry) == []


@needs("profiles.audit")
def test_each_added_member_has_an_entry(acme: Tenant, owner: User, reader: User, admin: User, rocketry: Group) -> None:
    from profiles.audit.models import Entry

    with within(acme):
        added = changes.add(actor=owner, group=rocketry, members=[reader.pk, admin.pk])
        assert changes.add(actor=owner, group=rocketry, members=[reader.pk]) == [], "is in it already"
        entries = Entry.objects.filter(kind="group.member_added")
        assert {entry.about[0]["name"] for entry in entries} == {member.name for member in added}
        assert {entry.about[1]["name"] for entry in entries} == {"Rocketry"}

"""What Entra ID and Okta send for groups, and the roles that follow."""

import pytest

from profiles.groups.models import Group
from profiles.models import User
from tenants.context import within
from tests.profiles.scim.conftest import GROUP, Provisioner, connect


@pytest.fixture
def entra(acme):
    return Provisioner(acme, connect(acme, roles="Engineers = admin\nWriters = editor"))


def make(entra, name, *members, **more):
    sends = {"schemas": [GROUP], "displayName": name, "members": [{"value": str(each.pk)} for each in members]}
    return entra.call("POST", "Groups", sends | more)


def names(acme, pk):
    with within(acme):
        return {each.username for each in Group.objects.get(pk=pk).members.all()}


def role(acme, member):
    with within(acme):
        return User.objects.get(pk=member.pk).role


def test_group_is_made_filled_found_and_deleted(entra, acme, reader, editor):
    made = make(entra, "Design", externalId="g-1")
    pk, path = made.told["id"], f"Groups/{made.told['id']}"
    assert (made.status_code, made.told.get("members")) == (201, None)
    for text in ('displayName eq "design"', 'externalId eq "g-1"', f'id eq "{pk}"'):
        assert entra.found(text, "Groups") == [pk], text
    add = {"op": "Add", "path": "members", "value": [{"value": str(reader.pk)}, {"value": str(editor.pk)}]}
    assert entra.change(path, add).status_code == 204
    assert names(acme, pk) == {"reader", "editor"}
    assert entra.found(f'id eq "{pk}" and members eq "{reader.pk}"', "Groups") == [pk]
    assert entra.found(f'members[value eq "{reader.pk}"]', "Groups") == [pk]
    assert "members" not in entra.call("GET", f"{path}?excludedAttributes=members").told
    user = entra.call("GET", f"Users/{reader.pk}").told
    assert [each["display"] for each in user["groups"]] == ["Design"]
    remove = {"op": "Remove", "path": "members", "value": [{"value": str(reader.pk)}]}  # Entra ID
    assert entra.change(path, remove).status_code == 204
    assert names(acme, pk) == {"editor"}
    assert entra.change(path, {"op": "remove", "path": f'members[value eq "{editor.pk}"]'}).status_code == 204  # Okta
    assert names(acme, pk) == set()
    renamed = entra.change(path, {"op": "replace", "value": {"id": pk, "displayName": "Designers"}})
    assert renamed.status_code == 204
    whole = {"schemas": [GROUP], "displayName": "Designers", "members": [{"value": str(reader.pk)}]}
    assert entra.call("PUT", path, whole).status_code == 200
    assert names(acme, pk) == {"reader"}
    assert entra.call("DELETE", path).status_code == 204
    assert entra.found('displayName eq "Designers"', "Groups") == []


def test_role_follows_the_groups(entra, acme, reader, owner):
    """The first line counts; members of none get the role of new ones; owners stay owners."""
    writers = make(entra, "Writers", reader, owner).told["id"]
    assert (role(acme, reader), role(acme, owner)) == ("editor", "owner")
    engineers = make(entra, "Engineers", reader).told["id"]
    assert role(acme, reader) == "admin"
    assert entra.call("DELETE", f"Groups/{engineers}").status_code == 204
    assert role(acme, reader) == "editor"
    entra.change(f"Groups/{writers}", {"op": "replace", "path": "displayName", "value": "Poets"})
    assert (role(acme, reader), role(acme, owner)) == ("reader", "owner")


def test_group_without_a_line_changes_no_role(entra, acme, admin):
    make(entra, "Hikers", admin)
    assert role(acme, admin) == "admin"


@pytest.mark.parametrize(
    ("more", "status", "kind"),
    [
        ({"displayName": "DESIGN"}, 409, "uniqueness"),
        ({"externalId": "g-1"}, 409, "uniqueness"),
        ({"displayName": "see www.evil.example"}, 400, "invalidValue"),
        ({"members": [{"value": "999999"}]}, 400, "invalidValue"),
        ({"members": [{"value": "1 or 1=1"}]}, 400, "invalidValue"),
        ({"members": "all"}, 400, "invalidValue"),
    ],
)
def test_group_that_cannot_be_made_is_refused(entra, acme, more, status, kind):
    make(entra, "Design", externalId="g-1")
    answer = make(entra, "Other", **more)
    assert (answer.status_code, answer.told["scimType"]) == (status, kind)
    with within(acme):
        assert [*Group.objects.values_list("name", flat=True)] == ["Design"]


def test_neighbours_member_is_no_member_here(entra, globex, acme):
    with within(globex):
        theirs = User.objects.create_user("only-theirs", "only@globex.example")
    assert make(entra, "Design", theirs).status_code == 400

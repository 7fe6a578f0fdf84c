"""Who may do what: the rules as tables."""

import pytest
from django.contrib.auth.models import AnonymousUser

from profiles import roles
from profiles.access import profile_to_see
from profiles.models import Profile, User
from profiles.roles import May, Role
from tenants.context import within

EVERYBODY = ["owner", "admin", "editor", "reader"]

# Right: the roles that have it.
RIGHTS = {
    roles.manages_members: ["owner", "admin"],
    roles.edits_settings: ["owner", "admin"],
    roles.sees_contacts: ["owner", "admin", "editor"],
}

# Actor: the roles of members that the actor may manage; the actor may give the same roles.
REACH = {
    "owner": ["owner", "admin", "editor", "reader"],
    "admin": ["admin", "editor", "reader"],
    "editor": [],
    "reader": [],
}


def member(role: str, pk: int = 1, is_active: bool = True) -> User:
    return User(pk=pk, role=role, is_active=is_active)


@pytest.mark.parametrize("role", EVERYBODY)
@pytest.mark.parametrize("right", RIGHTS)
def test_right_is_for_these_roles(right, role):
    assert right(member(role)) is (role in RIGHTS[right])


@pytest.mark.parametrize("right", RIGHTS)
def test_deactivated_owner_has_no_right(right):
    assert not right(member("owner", is_active=False))


@pytest.mark.parametrize("role", EVERYBODY)
@pytest.mark.parametrize("actor", EVERYBODY)
def test_reach_of_each_role(actor, role):
    assert roles.manages(member(actor), member(role, pk=2)) is (role in REACH[actor])
    assert roles.grants(member(actor), role) is (role in REACH[actor])


@pytest.mark.parametrize("actor", EVERYBODY)
def test_no_one_manages_themselves(actor):
    assert not roles.manages(member(actor, pk=1), member(actor, pk=1))


def test_deactivated_owner_manages_no_one_and_grants_nothing():
    gone = member("owner", is_active=False)
    assert not roles.manages(gone, member("reader", pk=2))
    assert roles.granted_roles(gone) == []


def test_admin_chooses_among_the_roles_below_the_owner():
    assert [value for value, _ in roles.granted_roles(member("admin"))] == ["admin", "editor", "reader"]
    assert [value for value, _ in roles.granted_roles(member("owner"))] == Role.values


@pytest.mark.parametrize(
    ("viewer", "contact", "birth_date"),
    [("owner", True, True), ("admin", True, True), ("editor", True, False), ("reader", False, False)],
)
def test_what_a_viewer_sees_of_another_member(viewer, contact, birth_date):
    profile = Profile(user_id=2)
    assert roles.sees_contact(member(viewer), profile) is contact
    assert roles.sees_birth_date(member(viewer), profile) is birth_date


def test_everyone_sees_all_of_their_own_profile():
    assert roles.sees_contact(member("reader"), Profile(user_id=1))
    assert roles.sees_birth_date(member("reader"), Profile(user_id=1))


def test_profile_is_edited_by_its_owner_alone(acme, owner, admin, editor, reader):
    with within(acme):
        assert roles.edits_profile(reader, reader.profile)
        assert not any(roles.edits_profile(viewer, reader.profile) for viewer in (owner, admin, editor))


def test_what_is_read_with_a_profile_is_guardians_word(rf, acme, owner, admin, editor, reader):
    with within(acme):
        for viewer in (owner, admin, editor, reader):
            request = rf.get("/")
            request.user = viewer
            for username in ("owner", "admin", "editor", "reader"):
                profile = profile_to_see(request, username)
                assert profile.permitted == (viewer.pk, viewer.has_perm("profiles.change_profile", profile))


def test_what_was_asked_for_one_viewer_is_not_said_of_another(rf, acme, editor, reader):
    request = rf.get("/")
    request.user = reader
    with within(acme):
        profile = profile_to_see(request, "reader")
        assert roles.edits_profile(reader, profile)
        assert not roles.edits_profile(editor, profile)
        reader.is_active = False
        assert not roles.edits_profile(reader, profile)


@pytest.mark.parametrize("role", EVERYBODY)
def test_templates_ask_the_same_rules(role):
    viewer = member(role)
    may = May(viewer)
    assert may.manage_members is roles.manages_members(viewer)
    assert may.edit_settings is roles.edits_settings(viewer)


def test_visitor_may_nothing():
    may = May(AnonymousUser())
    assert not any([may.manage_members, may.edit_settings])


def test_a_right_that_no_app_has_registered_is_an_error():
    with pytest.raises(AttributeError, match="fly"):
        May(member("owner")).fly  # noqa: B018  asking is enough

"""Adding a member in Django's admin."""

import pytest
from django.contrib.admin.models import LogEntry

from profiles import roles
from profiles.models import User
from profiles.roles import Role
from tenants.context import within
from tests.profiles.admin.forged import ADD

NEW_PASSWORD = "a different battery staple"


def add(client, **values):
    data = {
        "username": "new",
        "email": "new@acme.example",
        "first_name": "Nele",
        "last_name": "New",
        "role": "reader",
    }
    passwords = {"usable_password": "true", "password1": NEW_PASSWORD, "password2": NEW_PASSWORD}
    return client.post(ADD, data | passwords | values)


def added(tenant):
    with within(tenant):
        return User.objects.select_related("profile").filter(username="new").first()


def members(tenant):
    with within(tenant):
        return User.objects.count()


def test_a_new_member_has_a_profile_that_is_theirs_alone_and_can_sign_in(acme, owner, as_user, visitor):
    assert add(as_user(owner)).status_code == 302
    member = added(acme)
    with within(acme):
        assert roles.edits_profile(member, member.profile)
        assert not roles.edits_profile(owner, member.profile)
    assert (member.role, member.is_staff, member.is_superuser) == (Role.READER, False, False)
    signed_in = visitor.post("/account/login/", {"login": "new@acme.example", "password": NEW_PASSWORD})
    assert signed_in["Location"] == "/"


@pytest.mark.parametrize(
    ("actor", "role", "made"),
    [
        ("owner", "owner", False),
        ("owner", "admin", True),
        ("admin", "admin", True),
        ("admin", "reader", True),
        ("admin", "owner", False),
        ("owner", "emperor", False),
    ],
)
def test_roles_are_given_as_the_rules_say(acme, people, as_user, actor, role, made):
    response = add(as_user(people[actor]), role=role)
    member = added(acme)
    assert (member is not None) == made
    if made:
        assert member.role == role
    else:
        assert "Choose an option from the list" in response.content.decode()


def test_no_one_makes_an_owner_here(admin, owner, as_user):
    """Under Members it is done, where the password is asked for again."""
    for person in (admin, owner):
        page = as_user(person).get(ADD).content.decode()
        assert 'value="admin"' in page
        assert 'value="owner"' not in page


@pytest.mark.parametrize("role", [{}, {"role": ""}])
def test_without_a_role_they_are_a_reader(acme, owner, as_user, role):
    data = {"username": "new", "password1": NEW_PASSWORD, "password2": NEW_PASSWORD} | role
    assert as_user(owner).post(ADD, data).status_code == 302
    assert added(acme).role == Role.READER


def test_a_forged_form_for_a_new_member_sets_no_flags(acme, owner, as_user):
    add(
        as_user(owner),
        is_superuser="on",
        is_staff="on",
        groups="1",
        user_permissions="1",
        id="1",
        password="x",
    )
    member = added(acme)
    assert (member.is_staff, member.is_superuser, member.pk != 1) == (False, False, True)


def test_a_new_member_without_a_password_sets_one_by_mail(acme, owner, as_user, visitor, run_jobs, mailoutbox):
    assert add(as_user(owner), usable_password="false", password1="", password2="").status_code == 302
    assert not added(acme).has_usable_password()
    visitor.post("/account/password/reset/", {"email": "new@acme.example"})
    run_jobs()
    assert mailoutbox[-1].to == ["new@acme.example"]


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({"username": "READER"}, "already has this username"),
        ({"email": "READER@acme.example"}, "already has this email address"),
        ({"email": "no address"}, "valid email address"),
        ({"username": "a/b"}, "valid username"),
        ({"username": "a\0b"}, "a character that cannot be saved"),
        ({"username": ""}, "required"),
        ({"password2": "something else"}, "passwords are different"),
        ({"password1": "short", "password2": "short"}, "too short"),
        ({"first_name": "x" * 1000}, "at most 150"),
    ],
)
def test_a_form_with_a_mistake_says_so_and_makes_no_one(acme, owner, as_user, values, words):
    before = members(acme)
    response = add(as_user(owner), **values)
    assert response.status_code == 200
    assert words in response.content.decode()
    assert members(acme) == before


def test_what_is_done_is_logged_in_the_organisation(acme, globex, owner, as_user):
    add(as_user(owner))
    with within(acme):
        entry = LogEntry.objects.get()
        assert (entry.user_id, entry.object_repr, entry.is_addition()) == (owner.pk, "new", True)
    with within(globex):
        assert not LogEntry.objects.exists()


@pytest.mark.parametrize("username", [".", "..", "-", "@.+"])
def test_a_user_name_that_no_address_can_lead_to_is_refused(acme, owner, as_user, username):
    before = members(acme)
    response = add(as_user(owner), username=username)
    assert "Use at least one letter or digit." in response.content.decode()
    assert members(acme) == before

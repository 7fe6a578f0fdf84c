"""Django's admin: who may open which page."""

import pytest
from django.urls import URLResolver

from profiles.admin.site import site
from profiles.models import User
from profiles.roles import Role
from profiles.testing import PASSWORD, SiteClient
from tenants.context import within
from tests.daily import part_each_day
from tests.profiles.admin.forged import PROFILES, ROLES, USERS

NEW_PASSWORD = "a different battery staple"


# --- Who opens what ----------------------------------------------------------------------------------------

# Address with {own} and {other} for two people's keys: what owner, admin, editor and reader get for GET and
# for POST. A visitor is always sent to the sign-in page.
PAGES = {
    "": ((200, 200), (200, 200), (403, 403), (403, 403)),
    "login/": ((302, 302), (302, 302), (302, 302), (302, 302)),
    "logout/": ((200, 302), (200, 302), (403, 403), (403, 403)),
    "password_change/": ((302, 302), (302, 302), (403, 403), (403, 403)),
    "password_change/done/": ((302, 302), (302, 302), (403, 403), (403, 403)),
    "autocomplete/": ((403, 405), (403, 405), (403, 403), (403, 403)),
    "jsi18n/": ((200, 405), (200, 405), (403, 403), (403, 403)),
    "r/1/1/": ((404, 404), (404, 404), (403, 403), (403, 403)),
    "nothing/": ((404, 404), (404, 404), (403, 403), (403, 403)),
    "profiles/": ((200, 200), (200, 200), (403, 403), (403, 403)),
    "profiles/user/": ((200, 200), (200, 200), (403, 403), (403, 403)),
    "profiles/user/add/": ((200, 200), (200, 200), (403, 403), (403, 403)),
    "profiles/user/{own}/change/": ((200, 302), (200, 302), (403, 403), (403, 403)),
    "profiles/user/{other}/change/": ((200, 403), (200, 403), (403, 403), (403, 403)),
    "profiles/user/{other}/history/": ((200, 200), (200, 200), (403, 403), (403, 403)),
    "profiles/user/{own}/delete/": ((403, 403), (403, 403), (403, 403), (403, 403)),
    "profiles/user/{other}/delete/": ((403, 403), (403, 403), (403, 403), (403, 403)),
    "profiles/user/{other}/": ((302, 302), (302, 302), (403, 403), (403, 403)),
    "profiles/user/{other}/password/": ((302, 302), (302, 302), (403, 403), (403, 403)),
    "profiles/profile/": ((200, 200), (200, 200), (403, 403), (403, 403)),
    "profiles/profile/add/": ((403, 403), (403, 403), (403, 403), (403, 403)),
    "profiles/profile/{own}/change/": ((200, 302), (200, 302), (403, 403), (403, 403)),
    "profiles/profile/{other}/change/": ((200, 403), (200, 403), (403, 403), (403, 403)),
    "profiles/profile/{other}/history/": ((200, 200), (200, 200), (403, 403), (403, 403)),
    "profiles/profile/{own}/delete/": ((403, 403), (403, 403), (403, 403), (403, 403)),
    "profiles/profile/{other}/delete/": ((403, 403), (403, 403), (403, 403), (403, 403)),
    "profiles/profile/{other}/": ((302, 302), (302, 302), (403, 403), (403, 403)),
    "auth/group/": ((404, 404), (404, 404), (403, 403), (403, 403)),
    "profiles/invitation/": ((404, 404), (404, 404), (403, 403), (403, 403)),
}


@pytest.mark.parametrize("role", ROLES)
@pytest.mark.parametrize("address", part_each_day(PAGES))
def test_each_role_on_each_page(people, gone, as_user, address, role):
    client, path = as_user(people[role]), "/admin/" + address.format(own=people[role].pk, other=gone.pk)
    expected = PAGES[address][ROLES.index(role)]
    assert (client.get(path).status_code, client.post(path).status_code) == expected


@pytest.mark.parametrize("address", PAGES)
def test_visitor_is_sent_to_the_one_sign_in_page(visitor, address):
    path = "/admin/" + address.format(own=1, other=2)
    for response in (visitor.get(path), visitor.post(path)):
        assert response.status_code == 302
        assert response["Location"] == f"/account/login/?next={path}"


def test_visitor_comes_back_after_signing_in(visitor):
    response = visitor.get(USERS)
    done = visitor.post(response["Location"], {"login": "owner", "password": PASSWORD})
    assert done["Location"] == USERS


def test_each_address_of_the_admin_has_a_row_here():
    missing = []
    for pattern in admin_patterns():
        known = [f"admin/{each.format(own=1, other=1)}" for each in PAGES]
        if not any(pattern.resolve(each.removeprefix("admin/")) for each in known):
            missing.append(str(pattern.pattern))
    assert missing == []


def admin_patterns():
    return [pattern for pattern in site.urls[0] if not isinstance(pattern, URLResolver)]


def test_a_session_of_globex_opens_nothing_at_acme(acme, globex, stranger):
    client = SiteClient(acme)
    client.cookies = SiteClient(globex).sign_in(stranger).cookies
    assert client.get(USERS)["Location"].startswith("/account/login/")


def test_a_staff_flag_opens_nothing(acme, reader, as_user):
    """The role alone decides: Django's own flags have no meaning here."""
    with within(acme):
        User.objects.filter(pk=reader.pk).update(is_staff=True)
    assert as_user(reader).get("/admin/").status_code == 403


def test_what_the_role_does_not_allow_nothing_does(admin, gone, as_user):
    client = as_user(admin)
    for url in (USERS, PROFILES):
        assert client.post(f"{url}{gone.pk}/delete/", {"post": "yes"}).status_code == 403
        assert client.post(f"{url}{gone.pk}/change/", {}).status_code == 403
    assert client.get(f"{PROFILES}add/").status_code == 403


def test_a_member_who_loses_the_role_is_out_at_the_next_click(acme, admin, as_user):
    client = as_user(admin)
    assert client.get("/admin/").status_code == 200
    with within(acme):
        User.objects.filter(pk=admin.pk).update(role=Role.EDITOR)
    assert client.get("/admin/").status_code == 403


# --- Signing in and out, passwords -------------------------------------------------------------------------


def test_signing_out_of_the_admin_is_signing_out(owner, as_user):
    client = as_user(owner)
    assert client.post("/admin/logout/")["Location"] == "/account/login/"
    assert client.get("/admin/").status_code == 302


def test_passwords_are_changed_where_everyone_changes_them(owner, as_user):
    client = as_user(owner)
    assert client.get("/admin/password_change/")["Location"] == "/account/password/change/"


def test_no_one_sets_another_persons_password(acme, owner, reader, as_user):
    client = as_user(owner)
    data = {"password1": NEW_PASSWORD, "password2": NEW_PASSWORD, "usable_password": "true"}
    for path in (f"{USERS}{reader.pk}/password/", f"/admin/auth/user/{reader.pk}/password/"):
        client.post(path, data, follow=True)
    with within(acme):
        reader.refresh_from_db()
        assert reader.check_password(PASSWORD)

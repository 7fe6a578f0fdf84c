"""Members: the list, and what owners and admins do to others."""

import re
from html import escape, unescape
from urllib.parse import quote

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.test.utils import CaptureQueriesContext

from profiles.members import changes
from profiles.models import User
from profiles.roles import Role
from profiles.testing import PASSWORD, SiteClient, person
from profiles.testing.queries import of_the_core
from tenants.context import within
from tests.daily import part_each_day
from tests.profiles.members.working import roles_of

ACTIONS = ["role", "deactivate", "reactivate", "remove"]


def test_list_offers_an_admin_nothing_about_owners_and_themselves(as_user, admin):
    page = as_user(admin).get("/people/").content.decode()
    assert "/members/editor/role/" in page
    assert "/members/gone/reactivate/" in page
    assert "/members/gone/deactivate/" not in page
    assert "/members/owner/" not in page
    assert "/members/admin/" not in page


def test_admin_is_offered_the_roles_that_they_may_give(as_user, admin, owner):
    choices = r'<select name="role" aria-label="Role of Rita Reader".*?</select>'
    for member, has_owner in ((admin, False), (owner, True)):
        [select] = re.findall(choices, as_user(member).get("/people/").content.decode())
        assert '<option value="reader" selected>' in select
        assert ('value="owner"' in select) is has_owner


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("q=rita", {"reader"}),
        ("q=EDITOR@acme", {"editor"}),
        ("q=adam+admin", {"admin"}),
        ("role=reader", {"reader", "gone"}),
        ("q=globex", set()),
        ("q=%00rita", {"reader"}),
        ("role=emperor&q=rita", {"reader"}),
        ("after=~99999999999999999999&q=rita", {"reader"}),
        ("before=x&q=rita", {"reader"}),
    ],
)
def test_search_and_filters(as_user, owner, query, found):
    response = as_user(owner).get(f"/people/?{query}")
    assert response.status_code == 200
    assert {member.username for member, *_ in response.context["rows"]} == found


@pytest.mark.parametrize("rows", [1, 3])
def test_list_costs_the_same_however_long(acme, as_user, owner, rows):
    with within(acme):
        for number in range(rows):
            User.objects.create_user(f"row{number}")
    client = as_user(owner)
    client.get("/people/")
    with CaptureQueriesContext(connection) as captured:
        assert len(client.get("/people/?q=row").context["rows"]) == rows
    # Session and viewer, the sample that chooses how to search, the rows, and how many are invited.
    assert len(of_the_core(query["sql"] for query in captured)) == 5


PATHS = ["", "deactivated/", "invitations/", "invitations/new/", *(f"gone/{action}/" for action in ACTIONS)]


@pytest.mark.parametrize("path", PATHS)
def test_only_owner_and_admin_come_in(as_user, editor, reader, visitor, stranger, globex, path):
    for member in (editor, reader):
        assert as_user(member).get(f"/members/{path}").status_code == 403
        assert as_user(member).post(f"/members/{path}").status_code in (403, 405)
    elsewhere = SiteClient(globex).sign_in(stranger)
    visitor.cookies = elsewhere.cookies
    response = visitor.get(f"/members/{path}")
    assert response.status_code == 302
    assert response.url.startswith("/account/login/")


@pytest.mark.parametrize("action", ACTIONS)
@pytest.mark.parametrize("username", part_each_day(["nobody", "a%00b", "owner@globex.example"]))
def test_who_is_gone_is_said_to_be_removed(as_user, owner, action, username):
    client, path = as_user(owner), f"/members/{username}/{action}/?back=/people/%3Fsort%3D-role"
    for response in (client.get(path, follow=True), client.post(path, follow=True)):
        assert response.redirect_chain == [("/people/?sort=-role", 302)]
        assert "This person has already been removed." in response.content.decode()


def test_owner_changes_a_role(acme, as_user, owner, reader):
    client = as_user(owner).give_password()
    assert client.get("/members/reader/role/").status_code == 200
    response = client.post("/members/reader/role/", {"role": "owner"}, follow=True)
    assert "Rita Reader now has the role Owner." in response.content.decode()
    assert roles_of(acme)["reader"] == "owner"


def test_change_of_role_can_be_undone_in_the_message(acme, as_user, owner, reader):
    client = as_user(owner)
    page = client.post("/members/reader/role/?back=/people/%3Fq%3Drita", {"role": "editor"}, follow=True)
    [(where, role)] = re.findall(
        r'form="undo" formaction="([^"]+)" name="role" value="([^"]+)">Undo<', page.content.decode()
    )
    assert '<form id="undo" method="post"' in page.content.decode()
    assert client.post(unescape(where), {"role": role})["Location"] == "/people/?q=rita"
    assert roles_of(acme)["reader"] == "reader"


LISTED = "/people/?q=r&role=reader&sort=-joined&after=100"


@pytest.mark.parametrize(("action", "form"), [("role", {"role": "editor"}), ("deactivate", {}), ("remove", {})])
def test_viewer_is_led_back_to_the_page_of_the_list(as_user, owner, action, form):
    client, path = as_user(owner), f"/members/reader/{action}/?back={quote(LISTED, safe='')}"
    assert f'"{path}"' in client.get(LISTED).content.decode()
    assert f'href="{escape(LISTED)}"' in client.get(path).content.decode()
    assert client.post(path, form)["Location"] == LISTED


def test_viewer_is_led_back_after_the_password_too(as_user, owner):
    client = as_user(owner)
    asked = client.post(f"/members/reader/role/?back={quote(LISTED, safe='')}", {"role": "owner"})["Location"]
    assert client.post(asked, {"password": PASSWORD})["Location"] == LISTED


@pytest.mark.parametrize(
    "where", ["//evil.example/", "https://evil.example/people/", "/people/../x", "/settings/", "/people/#x"]
)
def test_viewer_is_led_back_to_lists_alone(as_user, owner, where):
    assert (
        as_user(owner).post("/members/reader/role/", {"role": "editor"}, query_params={"back": where}).url == "/people/"
    )


def test_looking_at_a_confirm_page_changes_nothing(acme, globex, as_user, owner):
    for action in ACTIONS:
        assert as_user(owner).get(f"/members/reader/{action}/").status_code == 200
    assert roles_of(acme) == roles_of(globex)
    assert person(acme, "reader").is_active


@pytest.mark.parametrize("action", ACTIONS)
def test_admin_cannot_touch_an_owner(acme, as_user, admin, action):
    client = as_user(admin)
    assert client.get(f"/members/owner/{action}/").status_code == 403
    assert client.post(f"/members/owner/{action}/", {"role": "reader"}).status_code == 403
    assert roles_of(acme)["owner"] == "owner"
    assert person(acme, "owner").is_active


@pytest.mark.parametrize("action", ACTIONS)
@pytest.mark.parametrize("username", ["owner", "admin"])
def test_no_one_does_it_to_themselves(acme, as_user, action, username):
    themselves = person(acme, username)
    assert as_user(themselves).post(f"/members/{username}/{action}/", {"role": "reader"}).status_code == 403
    assert roles_of(acme)[username] == username
    assert person(acme, username).is_active


def test_admin_cannot_make_an_owner(acme, as_user, admin, reader):
    response = as_user(admin).post("/members/reader/role/", {"role": "owner"})
    assert response.status_code == 200
    assert "role" in response.context["form"].errors
    with within(acme), pytest.raises(PermissionDenied):
        changes.change_role(actor=admin, member=reader, role=Role.OWNER)
    assert roles_of(acme)["reader"] == "reader"


def test_role_that_does_not_exist_is_refused(acme, as_user, owner):
    response = as_user(owner).post("/members/reader/role/", {"role": "emperor\0"})
    assert response.status_code == 200
    assert roles_of(acme)["reader"] == "reader"

"""Pages where people make and revoke tokens."""

import re

import pytest
from django.core.exceptions import PermissionDenied

from profiles.api.changes import MOST_TOKENS, Wishes, issue
from profiles.api.models import Token, TokenPolicy
from profiles.models import User
from tenants.context import within
from tests.profiles.api.conftest import Program

NEW = {"name": "Nightly export", "scopes": ["read"], "expires": "30"}


@pytest.fixture
def browser(as_user):
    """A browser in which this person has just confirmed the password."""
    return lambda user: as_user(user).give_password()


def text_on(response) -> str:
    [text] = re.findall(r"tnt_[0-9A-Za-z]{44}", response.content.decode())
    return text


def test_member_makes_a_token_that_works_and_is_shown_once(acme, browser, reader):
    here = browser(reader)
    made = here.post("/account/api/new/", NEW)
    text = text_on(made)
    assert "no-store" in made["Cache-Control"]
    assert Program(acme, text).call("GET", "/me").told["person"]["username"] == "reader"
    listed = here.get("/account/api/").content.decode()
    assert text not in listed
    assert text[:12] in listed
    with within(acme):
        token = Token.objects.get()
    assert token.expires
    assert (token.expires - token.created).days in (29, 30)


def test_a_member_has_fifty_tokens_at_most(acme, browser, reader):
    with within(acme):
        Token.objects.bulk_create(Token(user=reader, name="Export", scope="read") for _ in range(MOST_TOKENS))
    page = browser(reader).post("/account/api/new/", NEW)
    assert "You can have 50 tokens. Revoke one first." in page.content.decode()
    with within(acme):
        assert Token.objects.count() == MOST_TOKENS


def test_password_is_asked_for(acme, as_user, reader):
    answer = as_user(reader).post("/account/api/new/", NEW)
    assert answer.url.startswith("/account/reauthenticate/")
    with within(acme):
        assert not Token.objects.exists()


def test_token_for_ever_needs_the_organisations_leave(acme, browser, reader):
    here, wish = browser(reader), NEW | {"expires": "never"}
    assert here.post("/account/api/new/", wish).context["form"].errors["expires"]
    with within(acme):
        TokenPolicy.objects.create(may_never_expire=True)
    assert (
        Program(acme, text_on(here.post("/account/api/new/", wish))).call("GET", "/me").told["token"]["expires"] is None
    )


def test_organisation_without_personal_tokens_offers_none(acme, browser, reader):
    with within(acme):
        TokenPolicy.objects.create(members_make_tokens=False)
    here = browser(reader)
    assert "/account/api/new/" not in here.get("/account/api/").content.decode()
    assert here.post("/account/api/new/", NEW).status_code == 403
    with within(acme), pytest.raises(PermissionDenied):
        issue(member=reader, wishes=Wishes("Script", ["read"]))
    with within(acme):
        assert not Token.objects.exists()


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("203.0.113.7", "203.0.113.7/32"),
        ("203.0.113.7/24, 2001:db8::1", "203.0.113.0/24 2001:db8::/64"),
        ("nonsense", None),
        ("203.0.113.300", None),
    ],
)
def test_networks_are_kept_in_one_spelling(acme, browser, reader, typed, kept):
    answer = browser(reader).post("/account/api/new/", NEW | {"networks": typed})
    with within(acme):
        assert list(Token.objects.values_list("networks", flat=True)) == ([kept] if kept else [])
    assert kept or answer.context["form"].errors["networks"]


@pytest.mark.parametrize(
    ("chosen", "kept"),
    [
        (["read", "members:read"], "read"),
        (["write", "read", "people:read"], "write"),
        (["members:read", "members:write"], "members:write"),
        (["read", "members:write"], "read members:write"),
    ],
)
def test_scopes_are_as_few_as_say_the_same(acme, browser, reader, chosen, kept):
    browser(reader).post("/account/api/new/", NEW | {"scopes": chosen})
    with within(acme):
        assert Token.objects.get().scope == kept


def test_renewed_token_takes_the_place_of_the_other(acme, browser, reader, token_of):
    old = token_of(reader)
    with within(acme):
        pk = Token.objects.get().pk
    new = text_on(browser(reader).post(f"/account/api/{pk}/renew/"))
    assert [Program(acme, each).call("GET", "/me").status_code for each in (old, new)] == [401, 200]


def test_revoked_token_is_gone(acme, as_user, reader, program):
    used, here = program(reader), as_user(reader)
    with within(acme):
        pk = Token.objects.get().pk
    assert here.post(f"/account/api/{pk}/revoke/").url == "/account/api/"
    assert used.call("GET", "/me").status_code == 401


def test_admin_sees_and_revokes_a_members(acme, as_user, admin, reader, program):
    used, here = program(reader), as_user(admin)
    with within(acme):
        pk = Token.objects.get().pk
    assert "Script" in here.get("/settings/api/").content.decode()
    assert here.post(f"/account/api/{pk}/revoke/").url == "/settings/api/"
    assert used.call("GET", "/me").status_code == 401


def test_no_one_gets_another_members_token_by_renewing_it(acme, browser, owner, reader, token_of):
    text = token_of(reader)
    with within(acme):
        pk = Token.objects.get().pk
    assert browser(owner).post(f"/account/api/{pk}/renew/").status_code == 403
    assert Program(acme, text).call("GET", "/me").status_code == 200


def test_admin_makes_a_service_and_removes_it(acme, browser, admin):
    here = browser(admin)
    assert "owner" not in dict(here.get("/settings/api/new/").context["form"].fields["role"].choices)
    text = text_on(here.post("/settings/api/new/", NEW | {"name": "Payroll", "role": "editor"}))
    assert Program(acme, text).call("GET", "/me").told["person"]["role"] == "editor"
    with within(acme):
        pk = Token.objects.get().pk
    here.post(f"/account/api/{pk}/revoke/")
    with within(acme):
        assert not User.objects.filter(first_name="Payroll").exists()


def test_service_cannot_sign_in(acme, browser, admin, visitor):
    browser(admin).post("/settings/api/new/", NEW | {"name": "Payroll", "role": "editor"})
    with within(acme):
        service = User.objects.get(first_name="Payroll")
    assert not service.has_usable_password()
    assert visitor.post("/account/login/", {"login": service.username, "password": ""}).status_code == 200


def test_owner_revokes_all_at_once(acme, browser, owner, reader, program):
    used = program(reader)
    assert browser(owner).post("/settings/api/revoke-all/").url == "/settings/api/"
    assert used.call("GET", "/me").status_code == 401


def test_rules_are_kept(acme, as_user, admin):
    as_user(admin).post("/settings/api/", {"may_never_expire": "on"})
    with within(acme):
        policy = TokenPolicy.load()
    assert (policy.members_make_tokens, policy.may_never_expire) == (False, True)


def test_reference_names_every_operation(as_user, reader):
    html = as_user(reader).get("/account/api/reference/").content.decode()
    assert all(
        words in html for words in ("/members/{username}/deactivate", "owner · admin", "members:write", "If-Match")
    )

"""Members without a second factor: a filter and badges in the list of people, and a line in the settings."""

import re

import pytest
from allauth.mfa.models import Authenticator

from tenants.context import within

FILTER = {"role": "no-second-factor"}


@pytest.fixture
def prudent(acme, admin):
    """The admin, who has one."""
    with within(acme):
        Authenticator.objects.create(user=admin, type="totp", data={"secret": "x"})


def listed(response) -> list[str]:
    return [member.username for member in response.context["page"].rows]


def test_those_who_manage_find_members_without(as_user, owner, protected, prudent):
    """Recovery codes alone are no second factor."""
    page = as_user(owner).get("/people/", FILTER)
    assert listed(page) == ["editor", "gone", "owner"]
    assert listed(as_user(owner).get("/people/", FILTER | {"q": "owner", "sort": "-name"})) == ["owner"]


def test_owners_and_admins_without_one_have_a_badge(as_user, owner, editor, protected, prudent):
    page = as_user(owner).get("/people/").text
    assert page.count("No second factor</span>") == 1
    assert re.search(r"Olga Owner.*?No second factor</span>", page, re.DOTALL)
    assert "No second factor" not in as_user(editor).get("/people/").text


def test_others_do_not_find_them(as_user, editor, protected):
    assert listed(as_user(editor).get("/people/", FILTER)) == listed(as_user(editor).get("/people/"))


def test_the_settings_count_them(as_user, acme, owner, protected, prudent):
    page = as_user(owner).get("/settings/members/").text
    assert "2 members have no second factor." in page
    assert "/people/?role=no-second-factor" in page


def test_those_who_manage_see_who_has_which_and_find_those_with_an_app(acme, as_user, owner, editor, reader, prudent):
    with within(acme):
        Authenticator.objects.create(user=reader, type="webauthn", data={"name": "Phone"})
        Authenticator.objects.create(user=reader, type="totp", data={"secret": "x"})
        Authenticator.objects.create(user=editor, type="webauthn", data={"name": "Phone", "left": True})
    page = as_user(owner).get("/people/", {"columns": "all"})
    [column] = [each for each in page.context["added"] if each.label == "Second factor"]
    kinds = {member.username: column.cells.get(member.pk) for member in page.context["page"].rows}
    assert kinds["admin"] == "Authenticator app"
    assert kinds["reader"] == "Authenticator app, Passkey"
    assert kinds["editor"] is None
    assert listed(as_user(owner).get("/people/", {"role": "authenticator-app"})) == ["admin", "reader"]
    assert not as_user(editor).get("/people/", {"columns": "all"}).context["added"]

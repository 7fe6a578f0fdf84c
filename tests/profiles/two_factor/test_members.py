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

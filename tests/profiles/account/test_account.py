"""A member's own account: the overview, language and theme, and the list of pages."""

import pytest
from allauth.account.models import EmailAddress

from profiles.models import User
from profiles.testing import needs
from tenants.context import within


def test_overview_says_whether_the_address_is_confirmed(acme, as_user, reader):
    browser = as_user(reader)
    assert "Not confirmed yet" in browser.get("/account/security/").text
    with within(acme):
        EmailAddress.objects.create(user=reader, email=reader.email, verified=True)
    assert "Not confirmed yet" not in browser.get("/account/security/").text


@needs("profiles.two_factor", "profiles.sessions")
def test_apps_add_what_is_theirs(as_user, reader):
    html = as_user(reader).get("/account/security/").text
    assert "Two-factor sign-in" in html
    assert "1 browser is signed in" in html


@pytest.mark.parametrize("path", ["/account/security/", "/account/email/", "/account/preferences/"])
def test_pages_of_the_account_are_listed_at_the_side(as_user, reader, path):
    html = as_user(reader).get(path).text
    assert f'<a href="{path}" aria-current="page">' in html
    assert '<a href="/account/password/change/"' in html


def test_form_for_ones_profile_is_part_of_the_account(as_user, reader):
    html = as_user(reader).get("/people/reader/edit/").text
    assert '<a href="/profile/edit/" aria-current="page">' in html
    assert '<a href="/account/security/">' in html


@pytest.mark.parametrize("theme", ["", "light", "dark"])
def test_theme_is_written_by_the_server(acme, as_user, reader, theme):
    browser = as_user(reader)
    assert browser.post("/account/preferences/", {"language": "", "theme": theme}).url == "/account/preferences/"
    page = browser.get("/").text
    assert ("data-theme=" in page) == bool(theme)
    assert (f'<html lang="en-gb" data-theme="{theme}">' in page) == bool(theme)


def test_a_theme_that_is_none_is_refused(acme, as_user, reader):
    response = as_user(reader).post("/account/preferences/", {"theme": "pink"})
    assert "theme" in response.context["form"].errors
    with within(acme):
        assert User.objects.get(pk=reader.pk).theme == ""


def test_language_that_was_chosen_is_spoken_at_once(as_user, reader):
    page = as_user(reader).post("/account/preferences/", {"language": "de", "theme": ""}, follow=True).text
    assert '<html lang="de"' in page

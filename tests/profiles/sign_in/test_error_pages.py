"""Error pages on an organisation's host, and a sign-in page that was left open."""

import pytest

from profiles.testing import PASSWORD, SiteClient


@pytest.mark.parametrize(("path", "status"), [("/nowhere/", 404), ("/members/", 403)])
def test_member_stays_in_the_frame_of_the_organisation(as_user, reader, path, status):
    page = as_user(reader).get(path)
    assert page.status_code == status
    html = page.content.decode()
    assert "· Acme</title>" in html
    assert 'aria-label="Main"' in html


@pytest.mark.parametrize("text", ["x" * 1_100_000, "x" * 12_000_000], ids=["a long text", "a large body"])
def test_who_sends_too_much_stays_in_the_frame_too(as_user, owner, text):
    page = as_user(owner).post("/people/owner/edit/", {"bio": text})
    assert page.status_code == 413
    assert 'aria-label="Main"' in page.content.decode()


def test_visitor_who_sends_too_much_is_told_so(visitor):
    page = visitor.post("/account/login/", {"login": "x" * 12_000_000})
    assert page.status_code == 413
    assert 'aria-label="Main"' not in page.content.decode()


def test_visitor_gets_the_bare_page(visitor):
    assert 'aria-label="Main"' not in visitor.get("/nowhere/").content.decode()


@pytest.fixture
def strict(acme, reader):
    """The reader's browser, whose forms are checked for their token."""
    return SiteClient(acme, enforce_csrf_checks=True).sign_in(reader)


def test_form_without_its_token_is_refused_in_the_frame(strict):
    page = strict.post("/account/email/", {})
    assert page.status_code == 403
    assert 'aria-label="Main"' in page.content.decode()


def test_second_sign_in_tab_leads_home_once_the_first_has_signed_in(strict):
    answer = strict.post("/account/login/", {"login": "reader", "password": PASSWORD})
    assert (answer.status_code, answer.url) == (302, "/")

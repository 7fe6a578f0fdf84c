"""A member links an account at a provider, and unlinks it; two members cannot have the same."""

from typing import Any

import pytest

from profiles.models import User
from profiles.providers.models import Identity
from profiles.testing import SiteClient
from tenants.context import within
from tests.profiles.oidc.idp import PERSON
from tests.profiles.providers.ways import back, is_in, sign_in

PAGE = "/account/providers/"
LINK, UNLINK, CONFIRM = f"{PAGE}google/link/", f"{PAGE}google/unlink/", f"{PAGE}confirm/"


@pytest.fixture
def own(as_user, reader):
    return as_user(reader).give_password()


def linked(tenant: Any) -> list[tuple[int, str]]:
    with within(tenant):
        return list(Identity.objects.values_list("member", "subject"))


def link(oidc: Any, browser: Any) -> Any:
    browser.get(back(oidc, browser, LINK))
    return browser.post(CONFIRM, follow=True)


def test_reader_links_an_account_after_a_question_and_unlinks_it(acme, globex, reader, own, oidc):
    assert "Not linked" in own.get(PAGE).text
    answer: Any = own.get(back(oidc, own, LINK))
    assert answer.url == CONFIRM
    assert linked(acme) == []
    page = own.get(CONFIRM).text
    assert "Link this Google account?" in page
    assert PERSON["email"] in page
    assert "From now on you can sign in with Google." in own.post(CONFIRM, follow=True).text
    assert linked(acme) == [(reader.pk, PERSON["sub"])]
    assert linked(globex) == []
    assert own.get(CONFIRM)["Location"] == PAGE
    browser = SiteClient(acme)
    sign_in(oidc, browser, "google")
    assert is_in(browser, acme) == str(reader.pk)
    assert "Unlink your Google account?" in own.get(UNLINK).text
    assert "Your Google account is unlinked." in own.post(UNLINK, follow=True).text
    assert linked(acme) == []
    assert own.get(UNLINK).status_code == 404


def test_linking_asks_for_the_password_and_ends_with_the_members_session(acme, editor, as_user, own, oidc):
    assert as_user(editor).get(LINK)["Location"].startswith("/account/reauthenticate/")
    path = back(oidc, own, LINK)
    own.sign_in(editor)
    assert "begun elsewhere, or is over" in own.get(path, follow=True).text
    assert own.get(CONFIRM)["Location"] == PAGE
    assert linked(acme) == []


def test_an_account_belongs_to_one_member_and_a_member_has_one_account(acme, reader, editor, as_user, own, oidc):
    link(oidc, own)
    other = as_user(editor).give_password()
    assert "This Google account is linked to another member." in link(oidc, other).text
    oidc.says(person=PERSON | {"sub": "second"})
    assert "Your account is linked to another Google account." in link(oidc, own).text
    assert linked(acme) == [(reader.pk, PERSON["sub"])]


def test_a_member_without_a_password_keeps_the_last_account(acme, reader, own, oidc):
    link(oidc, own)
    with within(acme):
        User.objects.filter(pk=reader.pk).update(password="!")
    browser = SiteClient(acme)
    sign_in(oidc, browser, "google")
    assert "Set a password before you unlink your Google account" in browser.post(UNLINK, follow=True).text
    assert len(linked(acme)) == 1
    with within(acme):
        Identity.objects.create(member=reader, provider="github", subject="1", shown="rita")
    browser.post(UNLINK)
    with within(acme):
        assert Identity.objects.values_list("provider", flat=True).get() == "github"
    assert "GitHub" in browser.get(PAGE).text, "It is listed, though it is no longer set up."

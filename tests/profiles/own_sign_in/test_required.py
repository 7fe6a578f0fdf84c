"""Where single sign-on is required: each page about another way in leads to the provider, and owners keep theirs."""

import re

import pytest

from profiles.models import User
from profiles.own_sign_in.models import State
from profiles.testing import SiteClient, needs
from tenants.context import within
from tests.mails import links
from tests.profiles.own_sign_in.conftest import is_in, password

RESET = "/account/password/reset/"
SENTENCE = "requires you to sign in with Okta."
NEW = {"password1": "a new one of 20 letters", "password2": "a new one of 20 letters"}


@pytest.fixture
def ask(acme, run_jobs, mailoutbox):
    """Ask for a link or a code; returns the last page, and the mails."""

    def ask(email, path=RESET, browser=None):
        mailoutbox.clear()
        page = (browser or SiteClient(acme)).post(path, {"email": email}, follow=True)
        run_jobs()
        return page.text.replace(email, ""), list(mailoutbox)

    return ask


def test_required_refuses_passwords_of_all_but_owners_and_one_confirmation(acme, owner, reader, visitor, idp, use):
    use(acme, State.REQUIRED)
    assert "requires you to sign in with Okta." in password(visitor, "reader").text
    assert not is_in(visitor, acme)
    idp.sign_in(visitor)
    password(visitor, "reader")
    assert is_in(visitor, acme) == str(reader.pk)
    own = SiteClient(acme)
    password(own, "owner")
    assert is_in(own, acme) == str(owner.pk)
    again = SiteClient(acme)
    assert "requires you to sign in with Okta." in password(again, "reader").text
    idp.sign_in(again)
    assert is_in(again, acme) == str(reader.pk)


def test_forgotten_password_leads_to_the_provider_in_the_same_words_for_all(acme, use, ask, visitor, idp):
    use(acme, State.REQUIRED)
    assert "Acme requires Okta. Only owners get a link or a code by email." in visitor.get(RESET).text
    (known, none), (unknown, neither), (owner, mails) = (
        ask(f"{name}@acme.example") for name in ("reader", "x", "owner")
    )
    assert bare(known) == bare(unknown) == bare(owner)
    assert "Sign in with Okta" in known
    assert (none, neither) == ([], [])
    (link,) = {link for link in links(mails[0]) if RESET in link}
    page = SiteClient(acme).get(link, follow=True)
    assert page.status_code == 200
    browser = SiteClient(acme)
    form = browser.get(link)["Location"]
    browser.post(form, NEW)
    assert is_in(browser, acme) is None
    browser.post("/account/login/", {"login": "owner", "password": NEW["password1"]})
    assert is_in(browser, acme)
    assert "requires" not in browser.get("/account/password/change/").text, "It is not for owners."


def bare(page):
    return re.sub(r'name="csrfmiddlewaretoken" value="\w+"', "", page)


def test_a_link_from_before_is_refused_and_one_for_the_confirmation_is_not(acme, reader, use, ask, idp):
    use(acme, State.ON)
    link = next(link for link in links(ask(reader.email)[1][0]) if RESET in link)
    use(acme, State.REQUIRED)
    browser = SiteClient(acme)
    form = browser.get(link)["Location"]
    assert "Acme requires Okta." in browser.get(form).text
    assert SENTENCE in browser.post(form, NEW).text
    idp.sign_in(browser)  # has not been connected yet: the reader signs in once in another way
    browser.post(browser.get(link)["Location"], NEW)
    browser.post("/account/login/", {"login": "reader", "password": NEW["password1"]})
    assert is_in(browser, acme) == str(reader.pk)


def test_member_reads_what_the_password_is_for_and_can_choose_a_first_one(acme, as_user, reader, use):
    use(acme, State.REQUIRED)
    browser, words = as_user(reader), "Your password and your passkeys only confirm what you do here."
    assert words in browser.get("/account/password/change/").text
    with within(acme):
        made = User.objects.create_user("made", "made@acme.example")
    without = as_user(made)
    page = without.get("/account/password/change/", follow=True)
    assert "Choose a password" in page.text
    assert words in page.text
    without.post("/account/password/set/", NEW)
    with within(acme):
        assert User.objects.get(pk=made.pk).check_password(NEW["password1"])


@needs("profiles.mail_codes")
def test_no_code_is_mailed_but_to_owners_and_an_older_one_is_refused(acme, reader, owner, visitor, use, ask):
    use(acme, State.ON)
    (code,) = re.findall(r"^\w{6}$", ask(reader.email, "/account/code/", visitor)[1][0].body, re.MULTILINE)
    use(acme, State.REQUIRED)
    assert SENTENCE in visitor.post("/account/code/confirm/", {"code": code}, follow=True).text
    assert not is_in(visitor, acme)
    (known, none), (unknown, neither) = (ask(f"{name}@acme.example", "/account/code/") for name in ("reader", "x"))
    assert "Only owners get a link or a code by email." in known
    assert bare(known) == bare(unknown)
    assert (none, neither) == ([], [])
    assert len(ask(owner.email, "/account/code/")[1]) == 1


@needs("profiles.passkeys")
def test_a_passkey_signs_in_owners_only(acme, verified, client, use):
    from profiles.passkeys.testing.keys import Key
    from tests.profiles.passkeys.conftest import add, sign_in

    key, browser = Key(acme.url("")), SiteClient(acme)
    add(client, key)
    use(acme, State.REQUIRED)
    assert "Your password and your passkeys only confirm" in client.get("/account/passkeys/").text
    assert SENTENCE in sign_in(browser, key, verified).text
    assert not is_in(browser, acme)
    with within(acme):
        User.objects.filter(pk=verified.pk).update(role="owner")
    sign_in(browser, key, verified)
    assert is_in(browser, acme) == str(verified.pk)

"""A code by mail: 6 characters, 10 minutes, 3 tries, one for each member, in the browser that asked for it."""

import re
from datetime import timedelta

import pytest
from django.utils import timezone

from profiles.mail_codes.models import ALPHABET, MailCode
from profiles.mail_codes.nightly import end_codes
from profiles.models import User
from profiles.testing import SiteClient, needs
from tenants.context import within
from tests.profiles.two_factor.codes import SECRET, code_of

ASK, CONFIRM = "/account/code/", "/account/code/confirm/"
WRONG = "This code is not correct, or no longer valid."


@pytest.fixture
def ask(run_jobs, mailoutbox):
    """Ask for a code in a browser; returns the one that was mailed, or None."""

    def ask(browser, email="reader@acme.example"):
        before = len(mailoutbox)
        assert browser.post(ASK, {"email": email}).url == CONFIRM
        run_jobs()
        assert len(mailoutbox) - before <= 1
        return code_in(mailoutbox[-1]) if len(mailoutbox) > before else None

    return ask


def code_in(mail):
    return re.findall(rf"^[{ALPHABET}]{{6}}$", mail.body, re.MULTILINE)[0]


def type_in(browser, code):
    return browser.post(CONFIRM, {"code": code}, follow=True)


def is_in(browser, tenant):
    with within(tenant):
        return "_auth_user_id" in browser.session


def test_reader_signs_in_with_a_code_and_it_works_once(acme, reader, visitor, ask, mailoutbox):
    assert ASK in visitor.get("/account/login/").text
    code = ask(visitor, "READER@acme.example")
    assert mailoutbox[-1].to == [reader.email]
    assert code not in mailoutbox[-1].subject
    with within(acme):
        assert code not in str(MailCode.objects.values().get())
    visitor.post(f"{CONFIRM}?next=/people/", {"code": f" {code[:3].lower()}-{code[3:]} "})
    assert is_in(visitor, acme)
    with within(acme):
        assert not MailCode.objects.exists()
    other = SiteClient(acme)
    ask(other)
    assert WRONG in type_in(other, code).text


@needs("profiles.two_factor")
def test_second_factor_is_asked_for_after_the_code(acme, reader, visitor, ask):
    from allauth.mfa.models import Authenticator

    with within(acme):
        Authenticator.objects.create(user=reader, type="totp", data={"secret": SECRET})
    assert "One more step" in type_in(visitor, ask(visitor)).text
    assert not is_in(visitor, acme)
    visitor.post("/account/2fa/authenticate/", {"code": code_of(SECRET)})
    assert is_in(visitor, acme)


def test_after_three_wrong_tries_the_right_code_is_refused(acme, reader, visitor, ask):
    code = ask(visitor)
    with within(acme):
        mine = {"member": reader.pk, "browser": visitor.session["mail_code"]["browser"]}
        assert not any(MailCode.objects.use(each, **mine) for each in ("A", "B", "C", code))
    code = ask(visitor)
    for _try in range(2):
        assert WRONG in type_in(visitor, "WRONG2").text
    assert "wrong too often" in type_in(visitor, "WRONG2").text
    assert type_in(visitor, code).request["PATH_INFO"] == ASK
    assert not is_in(visitor, acme)


@pytest.mark.parametrize(
    "why", ["expired", "newer", "other browser", "deactivated", "other address", "other organisation"]
)
def test_a_code_that_is_not_the_one_asked_for_is_refused(acme, globex, reader, visitor, ask, why):
    code, browser, other = ask(visitor), visitor, SiteClient(acme)
    with within(acme):
        if why == "expired":
            MailCode.objects.update(expires=timezone.now())
        elif why == "deactivated":
            User.objects.filter(pk=reader.pk).update(is_active=False)
        elif why == "other address":  # The member no longer reads the mailbox that has the code.
            User.objects.filter(pk=reader.pk).update(email="rita@acme.example")
    if why == "newer":
        assert ask(other) != code
    elif why == "other browser":
        browser = other
        with within(acme):
            row = MailCode.objects.values().get()
        ask(browser, "nobody@acme.example")
        with within(acme):
            assert MailCode.objects.values().get() == row
    elif why == "other organisation":
        browser = SiteClient(globex)
        ask(browser, "reader@globex.example")  # the same primary key there
    assert WRONG in type_in(browser, code).text
    assert not is_in(browser, acme if why != "other organisation" else globex)


def test_unknown_and_deactivated_addresses_get_no_mail(visitor, gone, ask):
    assert ask(visitor, "nobody@acme.example") is None
    assert ask(visitor, gone.email) is None
    assert ask(visitor, "reader@globex.example") is None


def test_no_mailbox_is_flooded_and_no_address_guesses(acme, ask):
    codes = [ask(SiteClient(acme)) for _each in range(4)]
    browser = SiteClient(acme)
    codes.append(ask(browser))
    assert None not in codes
    refused = SiteClient(acme).post(ASK, {"email": "reader@acme.example"})
    assert refused.status_code == 429
    assert "Try again in" in refused.text


def test_codes_that_were_not_used_are_deleted_at_night(acme, reader, editor):
    with within(acme):
        for member in (reader, editor):
            MailCode.objects.make(member=member, browser="x")
        MailCode.objects.filter(member=reader).update(expires=timezone.now() - timedelta(hours=1))
        end_codes()
        assert [row.member_id for row in MailCode.objects.all()] == [editor.pk]


def test_signed_in_members_and_browsers_that_asked_for_none_are_led_away(as_user, reader, visitor):
    assert as_user(reader).get(ASK).url == "/"
    assert as_user(reader).get(CONFIRM).url == "/"
    assert visitor.get(CONFIRM).url == ASK

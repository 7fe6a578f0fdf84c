"""Two-factor sign-in: an authenticator app, and recovery codes for when it is not at hand."""

import re
from urllib.parse import parse_qs, urlsplit

import pytest
from allauth.mfa.models import Authenticator

from profiles.testing import PASSWORD, SiteClient
from tenants.context import within
from tests.profiles.two_factor.codes import SECRET, code_of

ACTIVATE = "/account/2fa/totp/activate/"


def is_signed_in(client):
    return client.get("/account/email/").status_code == 200


def first_step(client):
    response = client.post("/account/login/", {"login": "reader", "password": PASSWORD})
    assert response["Location"].startswith("/account/2fa/authenticate/")
    assert not is_signed_in(client)
    return client


def second_step(client, code):
    return client.post("/account/2fa/authenticate/", {"code": code})


def test_owner_whose_address_is_not_proved_can_have_the_mail_sent_again(owner, as_user, run_jobs, mailoutbox):
    client = as_user(owner)
    page = client.get("/account/2fa/").content.decode()
    assert "owner@acme.example" in page
    assert "/2fa/totp/activate/" not in page
    assert 'name="action_send"' in page
    client.post("/account/email/", {"email": owner.email, "action_send": ""})
    run_jobs()
    assert mailoutbox[-1].to == ["owner@acme.example"]


def test_member_turns_it_on_with_the_code_of_the_app(acme, reader, client):
    page = client.get(ACTIVATE).content.decode()
    secret = re.findall(r"\b[A-Z2-7]{32}\b", page)[0]
    response = client.post(ACTIVATE, {"code": code_of(secret)})
    assert response["Location"] == "/account/2fa/recovery-codes/"
    with within(acme):
        kinds = Authenticator.objects.filter(user=reader).values_list("type", flat=True)
        assert set(kinds) == {"totp", "recovery_codes"}


def test_the_app_calls_it_by_the_organisations_name_not_by_the_host_header(client):
    context = client.get(ACTIVATE, headers={"host": "ACME.localhost:31337"}).context
    parts = parse_qs(urlsplit(context["totp_url"]).query)
    assert parts["issuer"] == ["Acme"]
    assert "31337" not in context["totp_url"]


def test_a_wrong_code_turns_nothing_on(acme, reader, client):
    client.get(ACTIVATE)
    assert client.post(ACTIVATE, {"code": "000000"}).status_code == 200
    with within(acme):
        assert not Authenticator.objects.filter(user=reader).exists()


def test_it_takes_a_verified_address(reader, as_user):
    client = as_user(reader)
    client.get("/account/email/")  # which notes the present address, not verified
    assert client.get(ACTIVATE)["Location"] == "/account/2fa/"


@pytest.mark.parametrize("path", [ACTIVATE, "/account/2fa/totp/deactivate/", "/account/2fa/recovery-codes/generate/"])
def test_the_password_is_asked_for_first(protected, as_user, path):
    response = as_user(protected).get(path)
    assert response.status_code == 302
    assert "reauthenticate" in response["Location"]


def test_signing_in_takes_both_steps(protected, visitor):
    first_step(visitor)
    assert second_step(visitor, code_of(SECRET))["Location"] == "/"
    assert is_signed_in(visitor)


def test_a_code_works_once(acme, protected, visitor):
    second_step(first_step(visitor), code := code_of(SECRET))
    again = SiteClient(acme)
    second_step(first_step(again), code)
    assert not is_signed_in(again)


def test_a_wrong_code_does_not_sign_in(protected, visitor):
    first_step(visitor)
    assert "This code is not correct" in second_step(visitor, "000000").content.decode()
    assert not is_signed_in(visitor)


def test_guessing_codes_is_limited(protected, visitor):
    first_step(visitor)
    for _ in range(5):
        second_step(visitor, "000000")
    second_step(visitor, code_of(SECRET))
    assert not is_signed_in(visitor)


def test_the_first_step_alone_opens_no_page(protected, visitor):
    first_step(visitor)
    for path in ("/", "/people/", "/settings/", "/account/2fa/", "/account/email/"):
        assert visitor.get(path).status_code == 302


def test_the_first_step_at_acme_is_worth_nothing_at_globex(acme, globex, protected, visitor):
    first_step(visitor)
    other = SiteClient(globex)
    other.cookies = visitor.cookies
    assert second_step(other, code_of(SECRET))["Location"] == "/account/login/"


def test_a_recovery_code_works_once(acme, client, protected, visitor):
    client.post("/account/2fa/recovery-codes/generate/")
    code = client.get("/account/2fa/recovery-codes/").context["unused_codes"][0]
    second_step(first_step(visitor), code)
    assert is_signed_in(visitor)
    again = SiteClient(acme)
    second_step(first_step(again), code)
    assert not is_signed_in(again)


def test_recovery_codes_can_be_downloaded_and_are_not_cached(client, protected):
    client.post("/account/2fa/recovery-codes/generate/")
    response = client.get("/account/2fa/recovery-codes/download/")
    assert response["Content-Type"].startswith("text/plain")
    assert "no-store" in response["Cache-Control"]


def test_member_turns_it_off_and_is_told_by_mail(acme, client, protected, run_jobs, mailoutbox):
    assert client.post("/account/2fa/totp/deactivate/").status_code == 302
    with within(acme):
        assert not Authenticator.objects.filter(user=protected).exists()
    run_jobs()
    assert mailoutbox[-1].subject == "Two-factor sign-in is off – Acme"


def test_a_colleagues_is_their_own(acme, protected, editor, as_user):
    client = as_user(editor)
    client.post("/account/reauthenticate/", {"password": PASSWORD})
    assert client.post("/account/2fa/totp/deactivate/").status_code == 404
    with within(acme):
        assert Authenticator.objects.filter(user=protected).exists()

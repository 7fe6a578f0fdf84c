"""Passkeys: added, named, used for signing in and as the second step, removed. tests/browser uses one in Chromium."""

import json

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.webauthn.internal import auth
from fido2.webauthn import AuthenticatorData

from profiles.models import User
from profiles.passkeys import origin
from profiles.passkeys.forms import MOST
from profiles.passkeys.testing.keys import Key, stored
from profiles.testing import PASSWORD, SiteClient
from tenants.context import within
from tests.profiles.passkeys.conftest import ADD, SIGN_IN, add, is_in, options_at, sign_in
from tests.profiles.two_factor.codes import SECRET, code_of

LIST = "/account/passkeys/"
WITHOUT_PIN = AuthenticatorData.FLAG.UP


def passkeys(tenant):
    with within(tenant):
        return list(Authenticator.objects.filter(type="webauthn").order_by("pk"))


def test_reader_adds_one_signs_in_with_it_renames_and_removes_it(acme, client, verified, key, run_jobs, mailoutbox):
    added = add(client, key)
    assert added.url == "/account/2fa/recovery-codes/", "The first factor comes with recovery codes."
    (row,) = passkeys(acme)
    assert (row.data["name"], row.data["host"], row.user_id) == ("My phone", acme.domain, verified.pk)
    run_jobs()
    assert mailoutbox[-1].subject.startswith("A passkey was added")

    browser = SiteClient(acme)
    home = sign_in(browser, key, verified)
    assert home.request["PATH_INFO"] == "/"
    assert is_in(browser, acme)
    page = client.get(LIST).text
    assert "My phone" in page
    assert "last used" in page
    client.post(f"{LIST}{row.pk}/edit/", {"name": "Old phone"})
    assert "Remove the passkey “Old phone”?" in client.get(f"{LIST}{row.pk}/remove/").text
    client.post(f"{LIST}{row.pk}/remove/")
    assert passkeys(acme) == []
    assert "This passkey is not known here" in sign_in(SiteClient(acme), key, verified).text


def test_it_is_the_second_step_after_the_password(acme, keyed, key, visitor):
    asked = visitor.post("/account/login/", {"login": keyed.email, "password": PASSWORD})
    assert asked.url == "/account/2fa/authenticate/"
    page = visitor.get(asked.url)
    options = page.context["js_data"]["request_options"]["publicKey"]
    assert not is_in(visitor, acme)
    wrong = Key(acme.url(""), id=b"another key, not").get(options, member=keyed.pk)
    assert "This passkey is not known here" in visitor.post(asked.url, {"credential": wrong}).text
    options = visitor.get(asked.url).context["js_data"]["request_options"]["publicKey"]
    visitor.post(asked.url, {"credential": key.get(options, member=keyed.pk)})
    assert is_in(visitor, acme)


def test_member_with_an_app_is_offered_no_passkey(acme, verified, visitor):
    with within(acme):
        Authenticator.objects.create(user=verified, type="totp", data={"secret": SECRET})
    visitor.post("/account/login/", {"login": verified.email, "password": PASSWORD})
    assert "data-passkey" not in visitor.get("/account/2fa/authenticate/").text
    visitor.post("/account/2fa/authenticate/", {"code": code_of(SECRET)})
    assert is_in(visitor, acme)


def test_it_confirms_what_needs_the_password(acme, keyed, key, as_user):
    browser = as_user(keyed)
    asked = browser.get("/account/passkeys/confirm/?next=/account/email/")
    options = asked.context["js_data"]["request_options"]["publicKey"]
    refused = browser.post("/account/passkeys/confirm/", {"credential": '{"id": 1}'})
    assert "This passkey is not known here" in refused.text
    options = browser.get("/account/passkeys/confirm/").context["js_data"]["request_options"]["publicKey"]
    done = browser.post(
        "/account/passkeys/confirm/?next=/account/email/", {"credential": key.get(options, member=keyed.pk)}
    )
    assert done.url == "/account/email/"
    assert browser.get(ADD).status_code == 200


def test_a_passkey_of_another_organisation_signs_no_one_in(acme, globex, keyed, key):
    """Its reader has the same primary key, and so the same user handle; even with the same row."""
    browser = SiteClient(globex)
    with within(globex):
        namesake = User.objects.get(pk=keyed.pk)
    assert "not known here" in sign_in(browser, key, namesake).text
    (row,) = passkeys(acme)
    with within(globex):
        Authenticator.objects.create(user=namesake, type="webauthn", data=row.data)
    assert "not known here" in sign_in(browser, key, namesake).text, "The page of acme signed."
    there = Key(globex.url(""), id=key.id, private=key.private)
    own = there.get(options_at(browser) | {"rpId": acme.domain}, member=namesake.pk)
    assert "not known here" in browser.post(SIGN_IN, {"credential": own}, follow=True).text, "It is for acme."
    assert not is_in(browser, globex)


def test_answers_that_are_replayed_or_not_confirmed_are_refused(acme, globex, keyed, key):
    browser = SiteClient(acme)
    answer = key.get(options_at(browser), member=keyed.pk)
    browser.post(SIGN_IN, {"credential": answer})
    assert is_in(browser, acme)
    for other in (SiteClient(acme), SiteClient(globex)):
        options_at(other)
        assert "not known here" in other.post(SIGN_IN, {"credential": answer}, follow=True).text
    assert "not known here" in sign_in(SiteClient(acme), key, keyed, flags=WITHOUT_PIN).text
    stolen = Key(acme.url("") + ".evil.example", id=key.id, private=key.private)
    assert "not known here" in sign_in(SiteClient(acme), stolen, keyed).text
    assert auth.get_server is origin.get_server, "allauth asks another function."


def test_deactivated_member_does_not_sign_in(acme, keyed, key):
    with within(acme):
        User.objects.filter(pk=keyed.pk).update(is_active=False)
    browser = SiteClient(acme)
    sign_in(browser, key, keyed)
    assert not is_in(browser, acme)


HOSTILE = [
    *("", "{}", "[]", "null", "1", "9" * 5000, "x", '"x"', "{" * 5000, "[" * 19_000, json.dumps({"id": "x" * 30_000})),
    *('{"response": 1}', '{"response": {"userHandle": 1}}', '{"response": {"userHandle": "MQ"}}', '{"response": null}'),
    json.dumps(
        {"id": "eA", "rawId": "eA", "type": "x", "response": dict.fromkeys(("clientDataJSON", "signature"), "eA")}
    ),
    json.dumps(
        {
            "id": "eA",
            "rawId": "eA",
            "type": "public-key",
            "response": {
                "clientDataJSON": "e30",
                "authenticatorData": "eA",
                "signature": "eA",
                "attestationObject": "oA",
                "userHandle": "OTk5OTk5OTk5OTk5OTk5OTk5OTk5OTk5OTk",
            },
        }
    ),
]


def test_odd_answers_get_a_sentence(acme, keyed, key, client, visitor):
    for answer in HOSTILE:
        options_at(visitor)
        assert visitor.post(SIGN_IN, {"credential": answer}).url == "/account/login/", answer[:50]
        client.get(ADD)
        page = client.post(ADD, {"name": "x", "credential": answer})
        assert page.context["form"].errors, answer[:50]
    assert len(passkeys(acme)) == 1


def test_a_member_has_twenty_of_them_at_most(acme, client, verified, key):
    with within(acme):
        Authenticator.objects.bulk_create(
            Authenticator(user=verified, type="webauthn", data=stored(acme.domain)) for _ in range(MOST)
        )
    page = add(client, key)
    assert "You can have 20 passkeys. Remove one first." in page.text
    assert len(passkeys(acme)) == MOST


@pytest.mark.parametrize("more", ['"\\u0000"', '"\\ud800"', '{"\\u0000": 1}', "NaN", "-Infinity", "1e999"])
def test_what_postgresql_cannot_store_is_no_passkey(acme, client, verified, key, more):
    """Beside an answer that is right: the row has the answer as JSON."""
    options = client.get(ADD).context["options"]["publicKey"]
    answer = key.create(options).removesuffix("}") + f', "more": {more}}}'
    page = client.post(ADD, {"name": "x", "credential": answer})
    assert "The browser sent no passkey." in str(page.context["form"].errors)
    assert passkeys(acme) == []


def test_before_the_address_changes_an_owner_reads_who_loses_passkeys(acme, keyed, owner, admin, as_user):
    with within(acme):
        Authenticator.objects.create(user=admin, type="webauthn", data=stored(acme.domain))
        Authenticator.objects.create(user=admin, type="totp", data={"secret": SECRET})
    page = as_user(owner).get("/settings/").text
    assert "2 members sign in with a passkey." in page
    assert "1 of them has no authenticator app" in page


@pytest.mark.parametrize("has_codes", [True, False])
def test_after_a_change_of_the_address_there_is_another_way_in(acme, keyed, owner, as_user, has_codes, visitor):
    with within(acme):
        if not has_codes:
            Authenticator.objects.filter(type="recovery_codes").update(data={"migrated_codes": []})
        former = acme.slug
    settings = {"name": acme.name, "language": ""}
    as_user(owner).give_password().post("/settings/", settings | {"slug": "acme-anew"})
    (row,) = passkeys(acme)
    assert row.data["left"]
    acme.__dict__.pop("domain", None)
    browser = SiteClient(acme)
    assert browser.get("/account/login/").status_code == 200
    asked = browser.post("/account/login/", {"login": keyed.email, "password": PASSWORD})
    assert asked["Location"] == ("/account/2fa/authenticate/" if has_codes else "/")
    as_user(owner).give_password().post("/settings/", settings | {"slug": former})
    assert "left" not in passkeys(acme)[0].data, "Back at the address, they work again."

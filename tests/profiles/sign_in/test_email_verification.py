"""Proving that an email address is one's own, and changing it."""

import re
from datetime import timedelta

import pytest
from allauth.account.models import EmailAddress, EmailConfirmation
from django.utils import timezone

from profiles.models import OutgoingMail, User
from profiles.sign_in.verification import ask_to_verify
from profiles.testing import PASSWORD, SiteClient
from tenants.context import within

EMAIL = "/account/email/"
NEW = "rita@new.example"


@pytest.fixture
def address(acme, reader):
    """The reader's present address, not verified yet."""
    with within(acme):
        return EmailAddress.objects.create(user=reader, email=reader.email, primary=True, verified=False)


@pytest.fixture
def client(reader, as_user):
    """The reader's browser, where the password was asked for a moment ago."""
    client = as_user(reader)
    client.post("/account/reauthenticate/", {"password": PASSWORD})
    return client


@pytest.fixture
def mailed(run_jobs, mailoutbox):
    """The path of the newest link that was sent."""

    def read():
        run_jobs()
        return re.findall(r"http://acme\.localhost:8000(/account/confirm-email/\w+/)", mailoutbox[-1].body)[0]

    return read


def ask(tenant, address):
    with within(tenant):
        ask_to_verify(address)


def is_verified(tenant, address):
    with within(tenant):
        return EmailAddress.objects.get(pk=address.pk).verified


def email_of(tenant, user):
    with within(tenant):
        return User.objects.get(pk=user.pk).email


def change_to(client, email):
    return client.post(EMAIL, {"action_add": "", "email": email})


# --- The link ----------------------------------------------------------------------------------------------


def test_opening_the_link_shows_a_button_and_pressing_it_verifies(acme, address, visitor, mailed):
    ask(acme, address)
    path = mailed()
    assert visitor.get(path).status_code == 200
    assert not is_verified(acme, address)  # what scans mails follows links, and must not prove anything
    assert visitor.post(path).status_code == 302
    assert is_verified(acme, address)


def test_it_works_once(acme, address, visitor, mailed):
    ask(acme, address)
    path = mailed()
    visitor.post(path)
    with within(acme):
        EmailAddress.objects.filter(pk=address.pk).update(email="other@acme.example")
    assert visitor.post(path).status_code == 404


def test_it_expires_after_three_days(acme, address, visitor, mailed):
    ask(acme, address)
    path = mailed()
    with within(acme):
        EmailConfirmation.objects.update(sent=timezone.now() - timedelta(days=3, minutes=1))
    assert visitor.post(path).status_code == 404
    assert not is_verified(acme, address)


def test_it_is_worth_nothing_at_globex_where_rows_have_the_same_keys(acme, globex, address, mailed):
    with within(globex):
        same = EmailAddress.objects.create(pk=address.pk, user_id=address.user_id, email=address.email, primary=True)
        ask_to_verify(same)
    ask(acme, address)
    assert SiteClient(globex).post(mailed()).status_code == 404
    assert not is_verified(globex, same)


@pytest.mark.parametrize("key", ["x", "0" * 64, "MQ:1w2x3y:abc", "%00", "é"])
def test_made_up_links_say_that_they_are_dead(visitor, key):
    path = f"/account/confirm-email/{key}/"
    assert visitor.get(path).status_code in (200, 404)
    assert visitor.post(path).status_code == 404


def test_the_link_is_canonical_whatever_the_host_header_says(acme, address, client, mailed):
    client.post(EMAIL, {"action_send": "", "email": address.email}, headers={"host": "ACME.localhost:31337"})
    assert mailed()


def test_asking_again_and_again_sends_one_mail_in_three_minutes(acme, address, client):
    for _ in range(3):
        client.post(EMAIL, {"action_send": "", "email": address.email})
    with within(acme):
        assert OutgoingMail.objects.filter(to=address.email).count() == 1


# --- A change of address -----------------------------------------------------------------------------------


def test_the_old_address_stays_until_the_new_one_is_verified(acme, address, reader, client, mailed, visitor):
    with within(acme):
        address.set_verified()
    assert change_to(client, NEW).status_code == 302
    assert email_of(acme, reader) == "reader@acme.example"
    visitor.post(mailed())
    assert email_of(acme, reader) == NEW
    with within(acme):
        assert list(EmailAddress.objects.filter(user=reader).values_list("email", "verified")) == [(NEW, True)]


def test_so_does_an_old_address_that_was_never_verified(acme, address, reader, client, visitor, mailed):
    change_to(client, NEW)
    assert email_of(acme, reader) == "reader@acme.example"
    assert visitor.post("/account/login/", {"login": reader.email, "password": PASSWORD}).status_code == 302
    visitor.post(mailed())
    assert email_of(acme, reader) == NEW


def test_of_two_new_addresses_the_first_is_forgotten(acme, address, reader, client):
    change_to(client, "first@new.example")
    change_to(client, NEW)
    with within(acme):
        mine = EmailAddress.objects.filter(user=reader).order_by("pk").values_list("email", flat=True)
        assert list(mine) == ["reader@acme.example", NEW]


def test_the_old_address_is_told(acme, address, client, visitor, run_jobs, mailoutbox, mailed):
    change_to(client, NEW)
    visitor.post(mailed())
    run_jobs()
    assert mailoutbox[-1].to == ["reader@acme.example"]
    assert mailoutbox[-1].subject == "Your email address was changed – Acme"
    assert f"from reader@acme.example to {NEW}" in mailoutbox[-1].body


def test_the_password_is_asked_for_first(acme, address, reader, as_user):
    client = as_user(reader)
    response = change_to(client, NEW)
    assert response["Location"].startswith("/account/reauthenticate/")
    with within(acme):
        assert not EmailAddress.objects.filter(email=NEW).exists()
    done = client.post("/account/reauthenticate/", {"password": PASSWORD, "next": EMAIL})
    assert done.status_code == 302  # and the change that was begun is made
    with within(acme):
        assert EmailAddress.objects.filter(email=NEW).exists()


def test_a_wrong_password_changes_nothing(acme, address, reader, as_user):
    client = as_user(reader)
    change_to(client, NEW)
    response = client.post("/account/reauthenticate/", {"password": "wrong", "next": EMAIL})
    assert "This password is not correct" in response.content.decode()
    with within(acme):
        assert not EmailAddress.objects.filter(email=NEW).exists()


@pytest.mark.parametrize("email", ["editor@acme.example", "EDITOR@acme.example", "gone@acme.example"])
def test_nobody_takes_a_colleagues_address(acme, address, client, email):
    response = change_to(client, email)
    assert response.status_code == 200
    assert "already has this email address" in response.content.decode()
    with within(acme):
        assert not OutgoingMail.objects.filter(to__iexact=email).exists()


def test_the_same_address_at_globex_is_nobodys_business(globex, address, client):
    assert change_to(client, "editor@globex.example").status_code == 302


def test_an_address_that_a_colleague_got_meanwhile_is_refused_in_words(acme, address, reader, client, visitor, mailed):
    change_to(client, NEW)
    path = mailed()
    with within(acme):
        User.objects.create_user("rival", NEW, PASSWORD)
    page = visitor.post(path, follow=True)
    assert page.status_code == 200
    assert email_of(acme, reader) == "reader@acme.example"


def test_somebody_elses_pending_address_can_be_neither_removed_nor_sent(acme, globex, address, editor, as_user):
    client = as_user(editor)
    client.post("/account/reauthenticate/", {"password": PASSWORD})
    for action in ("action_remove", "action_send", "action_primary"):
        assert client.post(EMAIL, {action: "", "email": address.email}).status_code == 302
    with within(acme):
        assert EmailAddress.objects.get(pk=address.pk).user_id == address.user_id
        assert not OutgoingMail.objects.filter(to=address.email).exists()

"""A member whose address has several spellings: each of them signs in, resets, is known, and is invited once."""

from importlib import import_module

import pytest
from allauth.account.models import EmailAddress
from django.apps import apps
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, transaction

from profiles.invitations.changes import accept, invite
from profiles.models import Invitation, User
from tenants.context import as_owner, within
from tests.mails import links

STORED = "info@xn--exmple-cua.de"
SPELLINGS = ["info@exämple.de", "INFO@EXÄMPLE.DE", STORED, "Info@XN--exmple-cua.de", "info@exa\u0308mple.de"]
SPELLINGS += ["info@exämple\u3002de", "\u00a0info@exämple.de\n"]
PASSWORD = "correct horse battery"


@pytest.fixture(autouse=True)
def in_acme(acme):
    with within(acme):
        yield


@pytest.fixture
def member(owner) -> User:
    """A member who was invited by one spelling."""
    invitation = invite(actor=owner, email=SPELLINGS[0], role="reader")
    return accept(token=invitation.token, name="Inge", username="inge", password=PASSWORD)


def test_one_spelling_is_stored(member):
    assert member.email == EmailAddress.objects.get(user=member).email == Invitation.objects.get().email == STORED


@pytest.mark.parametrize("typed", SPELLINGS)
def test_each_spelling_signs_in(member, visitor, typed):
    assert visitor.post("/account/login/", {"login": typed, "password": PASSWORD}).status_code == 302


@pytest.mark.parametrize("typed", SPELLINGS)
def test_each_spelling_gets_a_link_for_a_new_password(member, visitor, run_jobs, mailoutbox, typed):
    run_jobs()
    mailoutbox.clear()
    assert visitor.post("/account/password/reset/", {"email": typed}).status_code == 302
    run_jobs()
    assert [mail.to for mail in mailoutbox] == [[STORED]]
    assert links(mailoutbox[0])


@pytest.mark.parametrize("typed", SPELLINGS)
def test_no_other_member_gets_the_mailbox(member, owner, as_user, reader, typed):
    with pytest.raises(ValidationError) as refusal:
        invite(actor=owner, email=typed, role="reader")
    assert refusal.value.code == "member"
    with pytest.raises(IntegrityError, match="user_email_unique"), transaction.atomic():
        User.objects.create_user("other", typed)
    page = as_user(reader).give_password().post("/account/email/", {"email": typed, "action_add": ""})
    assert page.status_code == 200
    assert not EmailAddress.objects.filter(user=reader, email=STORED).exists()
    assert User.objects.get(email=typed) == User.objects.get(email__iexact=typed) == member


def test_an_invitation_is_open_once_for_a_mailbox(owner):
    invite(actor=owner, email=SPELLINGS[0], role="reader")
    with pytest.raises(ValidationError) as refusal:
        invite(actor=owner, email=STORED, role="reader")
    assert refusal.value.code == "invited"


def test_address_changed_by_another_spelling(as_user, reader, run_jobs, mailoutbox):
    browser = as_user(reader).give_password()
    browser.post("/account/email/", {"email": SPELLINGS[1], "action_add": ""})
    run_jobs()
    link = next(link for mail in mailoutbox if mail.to == [STORED] for link in links(mail) if "confirm" in link)
    browser.post(link)
    assert User.objects.get(pk=reader.pk).email == STORED


@pytest.mark.parametrize(
    "address", ["İstanbul@x.example", "ı@x.example", "i\u0307@x.example", "a b@x.example", "A@x.example"]
)
def test_tables_refuse_other_spellings(reader, address):
    with connection.cursor() as cursor, pytest.raises(IntegrityError), transaction.atomic():
        cursor.execute("UPDATE profiles_user SET email = %s WHERE id = %s", [address, reader.pk])
    with connection.cursor() as cursor, pytest.raises(IntegrityError), transaction.atomic():
        cursor.execute(
            "INSERT INTO profiles_invitation (email, role, message, nonce, created, expires) "
            "VALUES (%s, 'reader', '', '', now(), now())",
            [address],
        )


def test_migration_brings_rows_to_one_spelling(owner, admin, editor, reader):
    with as_owner(), connection.cursor() as cursor:
        cursor.execute("ALTER TABLE profiles_user DROP CONSTRAINT user_email_canonical")
        cursor.execute("ALTER TABLE profiles_invitation DROP CONSTRAINT invitation_email_canonical")
        old = {admin: "info@exämple.de", editor: STORED, reader: "i\u0307stanbul@x.example", owner: "olga@münchen.de"}
        for member, email in old.items():
            cursor.execute("UPDATE profiles_user SET email = %s WHERE id = %s", [email, member.pk])
            EmailAddress.objects.filter(user=member).delete()
            EmailAddress.objects.bulk_create([EmailAddress(user=member, email=email, primary=True)])
        cursor.execute(
            "INSERT INTO profiles_invitation (email, role, message, nonce, created, expires) VALUES "
            "('i\u0307@x.example', 'reader', '', '', now(), now()), ('a@münchen.de', 'reader', '', '', now(), now())"
        )
    import_module("profiles.migrations.0006_mend_addresses").mend(apps, None)
    now = {user.username: user.email for user in User.objects.exclude(username="gone")}
    assert now == {"owner": "olga@xn--mnchen-3ya.de", "admin": "", "editor": STORED, "reader": ""}
    assert set(EmailAddress.objects.values_list("user__username", "email")) >= {
        ("owner", now["owner"]),
        ("editor", STORED),
    }
    assert not EmailAddress.objects.filter(user__in=[admin, reader]).exists()
    assert [each.email for each in Invitation.objects.all()] == ["a@xn--mnchen-3ya.de"]

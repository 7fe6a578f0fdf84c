"""Limits of what sends mail, uploads or joins."""

import pytest
from allauth.account.models import EmailAddress
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from profiles.models import Invitation, OutgoingMail, User
from profiles.roles import Role
from profiles.sign_in import verification
from profiles.sign_in.verification import ask_to_verify
from profiles.testing import PASSWORD, SiteClient, needs
from tenants.context import within
from tenants.limits.models import Limit
from tests.security.signing_in import ATTACKER, ELSEWHERE, is_refused


def ask(client, address=ATTACKER):
    return client.post("/account/password/reset/", {"email": "reader@acme.example"}, REMOTE_ADDR=address)


def test_asking_in_a_strangers_name_does_not_keep_them_from_asking(visitor):
    for _ in range(6):
        answer = ask(visitor)
    assert answer.status_code == 429
    assert ask(visitor, ELSEWHERE).status_code == 302


def test_a_mailbox_is_not_flooded_however_many_ask(acme, visitor, run_jobs, mailoutbox):
    for number in range(12):
        assert ask(visitor, f"198.51.100.{number}").status_code == 302
    run_jobs()
    assert [mail.to for mail in mailoutbox].count(["reader@acme.example"]) == 5


@pytest.fixture
def twice(settings, db):
    """Everything may be done twice, by an account, and three times, by an address."""
    few = {"account": (2, 60), "address": (3, 60), "mailbox": (2, 60)}
    settings.LIMITS = {name: {**rates, **few} for name, rates in settings.LIMITS.items()}


def test_invitations(twice, as_user, owner, admin, globex, stranger):
    def invite(client, number, address=ATTACKER):
        data = {"email": f"new{number}@acme.example", "role": "reader", "message": "Mind the step."}
        return client.post("/members/invitations/new/", data, REMOTE_ADDR=address)

    mine = as_user(owner)
    assert [is_refused(invite(mine, number)) for number in range(2)] == [False, False]
    page = invite(mine, 2)
    assert is_refused(page)
    assert all(typed in page.content.decode() for typed in ("new2@acme.example", "Mind the step."))
    # The limit of their address is reached, for all people at it, in all organisations.
    assert is_refused(invite(as_user(admin), 4))
    assert is_refused(invite(SiteClient(globex).sign_in(stranger), 5))
    assert not is_refused(invite(as_user(admin), 6, ELSEWHERE))
    # The same primary key in another organisation is another person.
    assert not is_refused(invite(SiteClient(globex).sign_in(stranger), 7, ELSEWHERE))


def test_sending_an_invitation_again_counts_as_one(twice, acme, as_user, owner, admin):
    with within(acme):
        invitation = Invitation.objects.create(email="new@acme.example", invited_by=owner)
    path = f"/members/invitations/{invitation.pk}/resend/"
    browser = as_user(owner)
    pages = [browser.post(path, follow=True).content.decode() for _ in range(3)]
    assert ["Too many attempts. Try again in 1 minute." in page for page in pages] == [False, False, True]
    with within(acme):
        assert OutgoingMail.objects.filter(to="new@acme.example").count() == 2
    assert not is_refused(as_user(admin).post(path, REMOTE_ADDR=ELSEWHERE))


@needs("tenants.registration")
def test_sign_up(twice, db):
    def sign_up(number, email, address=ATTACKER):
        data = {
            "organisation": "Club",
            "slug": f"club-{number}-x",
            "name": "Ada Club",
            "email": email,
            "password": PASSWORD,
        }
        return Client(SERVER_NAME="localhost").post("/sign-up/", data, REMOTE_ADDR=address)

    one = [is_refused(sign_up(number, "Ada@club.example")) for number in range(3)]
    assert one == [False, False, True]
    # Who knows her address keeps her from nothing.
    assert not is_refused(sign_up(4, "ada@club.example", ELSEWHERE))
    Limit.objects.all().delete()
    many = [is_refused(sign_up(10 + number, f"ada{number}@club.example")) for number in range(4)]
    assert many == [False, False, False, True]


def test_sign_ups_with_another_persons_address_do_not_flood_their_mailbox(twice, acme, globex, run_jobs, mailoutbox):
    for number, tenant in enumerate([acme, globex] * 2):
        with within(tenant):
            user = User.objects.create_user(f"ada{number}")
            ask_to_verify(EmailAddress.objects.create(user=user, email=f"ada+{number}@club.example"))
    run_jobs()
    assert len(mailoutbox) == 2


def test_nor_do_changes_to_it_as_an_address_of_ones_own(twice, acme, globex, owner, stranger, run_jobs, mailoutbox):
    def change(tenant, member):
        browser = SiteClient(tenant).sign_in(member).give_password()
        return browser.post("/account/email/", {"email": "ada@club.example", "action_add": ""})

    verification.count("ada@club.example")
    assert not is_refused(change(acme, owner))
    assert is_refused(change(globex, stranger))
    run_jobs()
    assert [mail.to for mail in mailoutbox].count(["ada@club.example"]) == 1


@pytest.mark.parametrize(("path", "field"), [("/people/owner/edit/", "photo"), ("/settings/appearance/", "logo")])
def test_uploads(twice, as_user, owner, path, field):
    browser = as_user(owner)

    def upload():
        return browser.post(path, {field: SimpleUploadedFile("a.png", b"no picture", "image/png")})

    assert [is_refused(upload()) for _ in range(3)] == [False, False, True]
    assert browser.post(path, {"bio": "x", field: SimpleUploadedFile("a.png", b"x")}).context["form"].has_error(field)
    assert not is_refused(browser.post(path, {"first_name": "Olga"}))


def test_joining(twice, acme, owner):
    with within(acme):
        invitation = Invitation.objects.create(email="new@acme.example", invited_by=owner, role=Role.READER)
        path = invitation.url.removeprefix("http://acme.localhost:8000")
        User.objects.create_user("taken", "new@acme.example")
    data = {"name": "Nora New", "username": "nora", "password": PASSWORD}
    answers = [is_refused(SiteClient(acme).post(path, data)) for _ in range(3)]
    assert answers == [False, False, True]

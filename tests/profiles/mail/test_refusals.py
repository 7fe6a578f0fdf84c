"""A person who does not know the organisation stops its mail, by the link in it."""

import re

import pytest
from allauth.account.models import EmailAddress

from profiles.invitations import changes
from profiles.mail import outbox, refusals
from profiles.models import Invitation, OutgoingMail, Refusal, User
from profiles.sign_in.verification import ask_to_verify
from profiles.testing import SiteClient
from tenants.context import within
from tests.mails import links

NORA = "nora@new.example"


@pytest.fixture
def link(acme, owner, run_jobs, mailoutbox):
    """The link in the invitation of Nora, who does not know Acme."""
    with within(acme):
        OutgoingMail.objects.all().delete()
        changes.invite(actor=owner, email=NORA, role="reader")
    run_jobs()
    [found] = {link for link in links(mailoutbox[-1]) if "/mail/" in link}
    return found.removeprefix("http://acme.localhost:8000")


def write(tenant, to=NORA):
    with within(tenant):
        outbox.queue(to=to, subject="Once more", text="Text")


def test_opening_the_link_stops_nothing(acme, visitor, link):
    page = visitor.get(link).content.decode()
    assert "Stop all email from Acme?" in page
    assert NORA in page
    with within(acme):
        assert not Refusal.objects.exists()
        assert Invitation.objects.open().exists()


def test_the_button_stops_all_mail_of_that_organisation(acme, globex, visitor, link, run_jobs, mailoutbox):
    write(acme)
    response = visitor.post(link)
    assert response.status_code == 200
    assert "You receive no more email from Acme" in response.content.decode()
    write(acme)
    write(acme, "Nora@New.example")
    write(globex)
    write(acme, "other@new.example")
    before = len(mailoutbox)
    run_jobs()
    assert [(mail.to, mail.body) for mail in mailoutbox[before:]] == [([NORA], "Text"), (["other@new.example"], "Text")]
    with within(acme):
        assert not Invitation.objects.open().exists()


def test_a_mail_program_may_press_it_without_a_cookie(acme, link, mailoutbox):
    """https://www.rfc-editor.org/rfc/rfc8058"""
    message = mailoutbox[-1].message()
    assert message["List-Unsubscribe"] == f"<http://acme.localhost:8000{link}>"
    assert message["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    browser = SiteClient(acme, enforce_csrf_checks=True)
    assert browser.post(link, {"List-Unsubscribe": "One-Click"}).status_code == 200
    with within(acme):
        assert Refusal.objects.get().email == NORA


def test_pressing_it_twice_is_pressing_it(acme, visitor, link):
    assert [visitor.post(link).status_code for _ in range(2)] == [200, 200]
    with within(acme):
        assert Refusal.objects.count() == 1


def test_it_can_be_taken_back(acme, visitor, link):
    page = visitor.post(link).content.decode()
    [again] = re.findall(r'action="([^"]+/again/)"', page)
    assert "Stop all email from Acme?" in visitor.post(again).content.decode()
    assert visitor.get(again).status_code == 405
    with within(acme):
        assert not refusals.is_refused(NORA)


def test_the_link_is_dead_next_door(globex, link):
    for response in (
        SiteClient(globex).get(link),
        SiteClient(globex).post(link),
        SiteClient(globex).post(f"{link}again/"),
    ):
        assert response.status_code == 410
    with within(globex):
        assert not Refusal.objects.exists()


def test_the_organisation_cannot_invite_that_mailbox_any_more(acme, globex, as_user, owner, stranger, visitor, link):
    visitor.post(link)
    response = as_user(owner).post("/members/invitations/new/", {"email": "Nora@new.example", "role": "reader"})
    assert "does not want email from this organisation" in response.context["form"].errors["email"][0]
    with within(globex):
        changes.invite(actor=stranger, email=NORA, role="reader")


def test_an_organisation_that_several_do_not_know_invites_no_one(acme, settings, as_user, owner, visitor):
    assert settings.REFUSALS_MOST == 3
    invite = {"email": "new@new.example", "role": "reader"}
    with within(acme):
        EmailAddress.objects.filter(user=owner).update(verified=True)
        for number in range(3):
            assert changes.invite(actor=owner, email=f"new{number}@new.example", role="reader")
            refusals.refuse(f"new{number}@new.example")
    response = as_user(owner).post("/members/invitations/new/", invite)
    assert "several people have told us" in response.context["form"].errors["email"][0]


def test_who_joins_all_the_same_gets_mail(acme, visitor, link, run_jobs, mailoutbox):
    visitor.post(link)
    with within(acme):
        nora = User.objects.create_user("nora", NORA)
        address = EmailAddress.objects.create(user=nora, email=NORA, verified=False)
    write(acme)
    with within(acme):
        assert not OutgoingMail.objects.exists()
        EmailAddress.objects.filter(pk=address.pk).update(verified=True)
    write(acme)
    run_jobs()
    assert mailoutbox[-1].subject == "Once more"


def test_the_mail_that_asks_to_prove_an_address_has_the_link_too(acme, visitor, run_jobs, mailoutbox):
    with within(acme):
        user = User.objects.create_user("ada")
        ask_to_verify(EmailAddress.objects.create(user=user, email="ada@club.example"))
    run_jobs()
    [link] = {link for link in links(mailoutbox[-1]) if "/mail/" in link}
    visitor.post(link.removeprefix("http://acme.localhost:8000"))
    with within(acme):
        assert refusals.is_refused("ada@club.example")

"""The Host header, in thirty forms: an answer each time, and links in mails on the canonical address all the same."""

from typing import Any

import pytest
from allauth.account.forms import default_token_generator
from allauth.account.models import EmailAddress, EmailConfirmation
from allauth.account.utils import user_pk_to_url_str
from django.utils import timezone

from profiles.models import Invitation, OutgoingMail
from profiles.testing import SiteClient, needs
from tenants.context import within
from tenants.schemas.spares import make_spare
from tests.daily import part_each_day
from tests.mails import links, texts

CANONICAL = "http://acme.localhost:8000/"
# Headers that lead to acme, with other contents besides.
ACMES = [
    "acme.localhost",
    "ACME.localhost",
    "aCmE.LocalHost",
    "acme.localhost.",
    "acme.localhost:8000",
    "acme.localhost:1",
    "acme.localhost:65535",
    "acme.localhost:99999999",
    "acme.localhost.:31337",
    "ACME.LOCALHOST.:80",
]
STRANGE = [
    "",
    " ",
    ".",
    "..localhost",
    "acme..localhost",
    "acme.localhost..",
    "acme.localhost:port",
    "acme.localhost:80:80",
    "acme.localhost:-1",
    "user@acme.localhost",
    "user:pass@acme.localhost",
    "acme.localhost@evil.example",
    "acme.localhost/evil.example",
    "acme.localhost?evil.example",
    "acme.localhost#evil.example",
    "acme.localhost\\evil.example",
    "acme.localhost, evil.example",
    "acme.localhost evil.example",
    "acme.localhost\x00.evil.example",
    "acme.localhost\r\nX-Evil: 1",
    "acme.localhost%00",
    "evil.example",
    "acme.localhost.evil.example",
    "evilacme.localhost",
    "127.0.0.1",
    "2130706433",
    "[::1]",
    "[::1]:8000",
    "[::ffff:127.0.0.1",
    "аcme.localhost",
    "xn--cme-6cd.localhost",
    "acme。localhost",
    "ａｃｍｅ.localhost",
    "a" * 64 + ".localhost",
    "a." * 146 + "localhost",
    "_acme.localhost",
    "tenant_template.localhost",
    "public.localhost",
]
ABOUT = {"X-Forwarded-Host": "evil.example", "Forwarded": "host=evil.example", "X-Original-Host": "evil.example"}


NEW = {"password1": "another battery", "password2": "another battery"}
# All that a request has sent, but for further notices of allauth's (tests/profiles/mail/test_mail.py).
MAILS = {
    "Adam Admin invited you to Acme",
    "Choose a new password – Acme",
    "Confirm your email address for Acme",
    "Welcome to Acme",
    "Your email address was changed – Acme",
    "Your password was changed – Acme",
    "Your password was reset – Acme",
}


@pytest.fixture
def ask_for_mails(acme, admin, reader):
    """Everything by which a request has a mail sent, under a host; what each is answered."""
    with within(acme):
        address = EmailAddress.objects.create(user=reader, email="rita@new.example")
        confirmation = EmailConfirmation.create(address)
        confirmation.sent = timezone.now()
        confirmation.save()
        token = Invitation.objects.create(email="a@new.example", invited_by=admin).token
        other = Invitation.objects.create(email="b@new.example", invited_by=admin)
        reset = (
            f"/account/password/reset/key/{user_pk_to_url_str(reader)}-{default_token_generator.make_token(reader)}/"
        )
    visitor, browser = SiteClient(acme), SiteClient(acme).sign_in(admin).give_password()

    def ask(host: str) -> list[int]:
        extra: dict[str, Any] = {"headers": {"host": host, **ABOUT}}
        joining = {"name": "Nora New", "username": "nora", "password": "correct horse battery"}
        answers = [
            visitor.post("/account/password/reset/", {"email": "reader@acme.example"}, **extra),
            (page := visitor.get(reset, **extra)),
            visitor.post(page.get("Location", reset), NEW, **extra),
            SiteClient(acme).post(f"/invitations/{token}/", joining, **extra),
            browser.post("/members/invitations/new/", {"email": "new@new.example", "role": "reader"}, **extra),
            browser.post(f"/members/invitations/{other.pk}/resend/", **extra),
            browser.post("/account/email/", {"email": "adam@new.example", "action_add": ""}, **extra),
            visitor.post(f"/account/confirm-email/{confirmation.key}/", **extra),
            browser.post("/account/password/change/", {"oldpassword": "correct horse battery", **NEW}, **extra),
        ]
        return [answer.status_code for answer in answers]

    return ask


@pytest.mark.parametrize("host", part_each_day(ACMES))
def test_links_in_mails_are_canonical(ask_for_mails, run_jobs, mailoutbox, host):
    statuses = ask_for_mails(host)
    run_jobs()
    assert statuses == [302] * 9
    assert {mail.subject for mail in mailoutbox} == MAILS
    for mail in mailoutbox:
        assert not [text for text in texts(mail) if "evil.example" in text]
        assert not [link for link in links(mail) if not link.startswith(CANONICAL)]
        assert CANONICAL in mail.body


@pytest.mark.parametrize("host", part_each_day(STRANGE), ids=[repr(host[:30]) for host in STRANGE])
def test_what_is_no_host_of_ours_is_refused_and_sends_nothing(acme, ask_for_mails, host):
    with within(acme):
        before = OutgoingMail.objects.count()
    assert all(status in (400, 404) for status in ask_for_mails(host))
    with within(acme):
        assert OutgoingMail.objects.count() == before


@pytest.mark.parametrize("path", ["/", "/sign-up/", "/health/", "/static/shared/css/tokens.css", "/account/login/"])
def test_every_page_answers(acme, visitor, path):
    for host in STRANGE:
        response = visitor.get(path, headers={"host": host, **ABOUT})
        response.getvalue()
        assert response.status_code in (200, 400, 404), host
        assert "evil" not in response.get("Location", ""), host


@needs("tenants.registration")
@pytest.mark.parametrize("host", ["localhost", "LOCALHOST:1", "localhost.", "localhost.:80"])
def test_the_address_after_signing_up_is_canonical(db, host, run_jobs, mailoutbox):
    from django.test import Client

    data = {
        "organisation": "Club",
        "slug": "rowing-club",
        "name": "Ada Club",
        "email": "ada@club.example",
        "password": "correct horse battery",
    }
    make_spare()
    response = Client().post("/sign-up/", data, headers={"host": host, **ABOUT})
    assert response["Location"].startswith("http://rowing-club.localhost:8000/hand-off/")
    run_jobs()
    assert "http://rowing-club.localhost:8000/account/confirm-email/" in mailoutbox[-1].body

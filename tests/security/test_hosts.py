"""The Host header, in thirty forms: an answer each time, and links in mails on the canonical address all the same."""

import re
from typing import Any

import pytest

from profiles.models import OutgoingMail
from tenants.context import within
from tenants.spares import make_spare
from tests.conftest import SiteClient

CANONICAL = "http://acme.localhost:8000/"
# What leads to acme, whatever else it says.
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


def ask_for_mails(acme, admin, host):
    """Everything by which a request has a mail sent, under this host."""
    extra: dict[str, Any] = {"headers": {"host": host, **ABOUT}}
    visitor, browser = SiteClient(acme), SiteClient(acme).sign_in(admin).give_password()
    statuses = [
        visitor.post("/account/password/reset/", {"email": "reader@acme.example"}, **extra),
        browser.post("/members/invitations/", {"email": "new@new.example", "role": "reader"}, **extra),
        browser.post("/account/email/", {"email": "adam@new.example", "action_add": ""}, **extra),
        browser.post(
            "/account/password/change/",
            {"oldpassword": "correct horse battery", "password1": "another battery", "password2": "another battery"},
            **extra,
        ),
    ]
    return [answer.status_code for answer in statuses]


@pytest.mark.parametrize("host", ACMES)
def test_links_in_mails_are_canonical(acme, admin, run_jobs, mailoutbox, host):
    statuses = ask_for_mails(acme, admin, host)
    run_jobs()
    assert statuses == [302] * 4
    assert len(mailoutbox) >= 4
    for mail in mailoutbox:
        for text in (mail.subject, mail.body, *(part.content for part in mail.alternatives)):
            assert "evil" not in text
            assert all(link.startswith(CANONICAL) for link in re.findall(r"https?://[^\s\"'<>]+", text)), text


@pytest.mark.parametrize("host", STRANGE, ids=[repr(host[:30]) for host in STRANGE])
def test_what_is_no_host_of_ours_is_refused_and_sends_nothing(acme, admin, host):
    with within(acme):
        before = OutgoingMail.objects.count()
    assert all(status in (400, 404) for status in ask_for_mails(acme, admin, host))
    with within(acme):
        assert OutgoingMail.objects.count() == before


@pytest.mark.parametrize("path", ["/", "/sign-up/", "/health/", "/static/shared/css/tokens.css", "/account/login/"])
def test_every_page_answers(acme, visitor, path):
    for host in STRANGE:
        response = visitor.get(path, headers={"host": host, **ABOUT})
        response.getvalue()
        assert response.status_code in (200, 400, 404), host
        assert "evil" not in response.get("Location", ""), host


@pytest.mark.parametrize("host", ["localhost", "LOCALHOST:1", "localhost.", "localhost.:80"])
def test_the_address_after_signing_up_is_canonical(db, host):
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

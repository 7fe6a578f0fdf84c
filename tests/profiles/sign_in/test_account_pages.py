"""Every address that allauth brings, for a visitor and for a member: in our look, or not there at all."""

import re
from html.parser import HTMLParser

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from django.urls import URLResolver, get_resolver

from profiles.sign_in.verification import ask_to_verify
from profiles.testing import PASSWORD
from tenants.context import within

LOGIN = "/account/login/"
HOME = "/"
TO_LOGIN = f"{LOGIN}?next="
ASK = "/account/reauthenticate/?next="
KEY = "x" * 64

# Address: what a visitor gets, what a member gets, and what one gets who gave the password just now.
# A number is a status; a path is where one is sent.
PAGES = {
    "login/": (200, HOME, HOME),
    "logout/": (LOGIN, 200, 200),
    "inactive/": (200, 200, 200),
    "signup/": (200, HOME, HOME),
    "reauthenticate/": (TO_LOGIN, 200, 200),
    "email/": (TO_LOGIN, 200, 200),
    "confirm-email/": (200, 200, 200),
    f"confirm-email/{KEY}/": (200, 200, 200),
    "password/change/": (TO_LOGIN, 200, 200),
    "password/set/": (TO_LOGIN, "/account/password/change/", "/account/password/change/"),
    "password/reset/": (200, 200, 200),
    "password/reset/done/": (200, 200, 200),
    f"password/reset/key/1-{KEY}/": (200, 200, 200),
    "password/reset/key/done/": (200, 200, 200),
    "login/code/confirm/": (LOGIN, HOME, HOME),
    "2fa/": (TO_LOGIN, 200, 200),
    "2fa/authenticate/": (LOGIN, HOME, HOME),
    "2fa/reauthenticate/": (TO_LOGIN, "/account/reauthenticate/", "/account/reauthenticate/"),
    "2fa/totp/activate/": (TO_LOGIN, ASK, 200),
    "2fa/totp/deactivate/": (TO_LOGIN, 404, 404),
    "2fa/recovery-codes/": (TO_LOGIN, 404, 404),
    "2fa/recovery-codes/generate/": (TO_LOGIN, ASK, 200),
    "2fa/recovery-codes/download/": (TO_LOGIN, 404, 404),
    "sessions/": (TO_LOGIN, 200, 200),
}


class Page(HTMLParser):
    """What is asserted of a page's HTML."""

    def __init__(self, html):
        super().__init__()
        self.headings = self.forms = 0
        self.inline = []
        self.feed(html)

    def handle_starttag(self, tag, attrs):
        values = dict(attrs)
        self.headings += tag == "h1"
        if tag == "style" or (tag == "script" and "src" not in values and values.get("type") != "application/json"):
            self.inline.append(tag)
        self.inline += [f"{tag} {name}" for name in values if name == "style" or name.startswith("on")]


def patterns(resolver, prefix=""):
    for pattern in resolver.url_patterns:
        if isinstance(pattern, URLResolver):
            yield from patterns(pattern, prefix + str(pattern.pattern))
        else:
            yield (prefix + str(pattern.pattern)).replace("^", "").replace("$", "")


def account_addresses():
    return [each.removeprefix("account/") for each in patterns(get_resolver()) if each.startswith("account/")]


def filled_in(address):
    address = re.sub(r"\(\?P<uidb36>.*?\)-", "1-", address)
    return re.sub(r"\(\?P<key>.*?\)", KEY, address)


def test_each_address_has_a_row_here():
    assert {filled_in(address) for address in account_addresses()} == set(PAGES)


def check(response, expected):
    if isinstance(expected, str):
        assert response.status_code == 302
        location = response["Location"]
        assert location.startswith(expected) if expected.endswith("=") else location.split("?")[0] == expected
        return
    assert response.status_code == expected
    if expected == 200:
        is_ours(response)


def is_ours(response):
    """One heading, a title that names the organisation, and nothing that the security policy forbids."""
    html = response.content.decode()
    page = Page(html)
    assert page.headings == 1
    assert page.inline == []
    (title,) = re.findall(r"<title>(.*?)</title>", html, re.DOTALL)
    assert title.strip().endswith("· Acme")
    assert not title.strip().startswith("·")
    assert "shared/css/tokens.css" in html
    assert "None" not in re.sub(r"<[^>]*>", "", html)


@pytest.mark.parametrize("address", PAGES)
def test_visitor(visitor, address):
    check(visitor.get(f"/account/{address}"), PAGES[address][0])


@pytest.mark.parametrize("address", PAGES)
def test_member(verified, as_user, address):
    check(as_user(verified).get(f"/account/{address}"), PAGES[address][1])


@pytest.mark.parametrize("address", PAGES)
def test_member_who_gave_the_password_just_now(client, address):
    check(client.get(f"/account/{address}"), PAGES[address][2])


@pytest.fixture
def verified(acme, reader):
    """The reader, whose address is verified."""
    with within(acme):
        EmailAddress.objects.create(user=reader, email=reader.email, primary=True, verified=True)
    return reader


@pytest.fixture
def client(verified, as_user):
    client = as_user(verified)
    assert client.post("/account/reauthenticate/", {"password": PASSWORD}).status_code == 302
    return client


@pytest.fixture
def protected(acme, reader):
    with within(acme):
        Authenticator.objects.create(user=reader, type="totp", data={"secret": "JBSWY3DPEHPK3PXP"})


@pytest.mark.parametrize(
    "address",
    [
        "2fa/",
        "2fa/totp/deactivate/",
        "2fa/reauthenticate/",
        "2fa/recovery-codes/",
        "2fa/recovery-codes/generate/",
        "reauthenticate/",
    ],
)
def test_pages_of_two_factor_sign_in_once_it_is_on(client, protected, address):
    client.post("/account/2fa/recovery-codes/generate/")
    check(client.get(f"/account/{address}"), 200)


def test_the_second_step_of_signing_in(visitor, protected):
    response = visitor.post(LOGIN, {"login": "reader", "password": PASSWORD}, follow=True)
    check(response, 200)


def test_a_form_with_errors_is_ours_too(visitor, client):
    for response in (
        visitor.post(LOGIN, {}),
        visitor.post("/account/password/reset/", {}),
        client.post("/account/password/change/", {}),
        client.post("/account/email/", {"action_add": "", "email": "x"}),
        client.post("/account/reauthenticate/", {"password": "x"}),
        client.post("/account/2fa/totp/activate/", {"code": "x"}),
    ):
        check(response, 200)
        assert "errorlist" in response.content.decode()


def test_the_link_in_a_verification_mail(acme, reader, visitor, run_jobs, mailoutbox):
    with within(acme):
        ask_to_verify(EmailAddress.objects.create(user=reader, email=reader.email, primary=True))
    run_jobs()
    (path,) = re.findall(r"/account/confirm-email/\w+/", mailoutbox[-1].body)
    response = visitor.get(path)
    check(response, 200)
    assert reader.email in response.content.decode()


def test_the_link_in_a_reset_mail(visitor, run_jobs, mailoutbox):
    visitor.post("/account/password/reset/", {"email": "reader@acme.example"})
    run_jobs()
    (path,) = re.findall(r"/account/password/reset/key/\S+", mailoutbox[-1].body)
    check(visitor.get(path, follow=True), 200)


def test_somebody_without_a_password_may_set_one(acme, reader, as_user):
    with within(acme):
        reader.set_unusable_password()
        reader.save()
    client = as_user(reader)
    check(client.get("/account/password/set/"), 200)
    new = "a different battery staple"
    assert client.post("/account/password/set/", {"password1": new, "password2": new}).status_code == 302
    with within(acme):
        reader.refresh_from_db()
        assert reader.check_password(new)


def test_too_many_attempts_are_told_in_a_page_of_ours(visitor):
    for _ in range(31):
        response = visitor.post(LOGIN, {})
    assert response.status_code == 429
    is_ours_or_bare(response.content.decode())


def is_ours_or_bare(html):
    assert Page(html).headings == 1
    assert Page(html).inline == []
    assert "shared/css/tokens.css" in html


@pytest.mark.parametrize("address", ["", "login/code/", "2fa/webauthn/", "2fa/trust/", "3rdparty/", "phone/change/"])
def test_what_we_do_not_offer_is_not_there(visitor, address):
    response = visitor.get(f"/account/{address}")
    assert response.status_code in (302, 404)
    if response.status_code == 302:
        assert response["Location"].startswith(LOGIN)


def test_on_the_public_site_there_are_no_accounts(public_client):
    assert public_client.get(LOGIN).status_code == 404


NONSENSE = [
    {},
    {"email": "\0", "action_send": ""},
    {"email": "\0@acme.example", "action_remove": ""},
    {"email": "a@b\0.example", "action_add": "", "action_primary": ""},
    {"login": "\0", "password": "\0", "code": "\0", "next": "\0"},
    {"oldpassword": "\0", "password1": "\0", "password2": "\0"},
    {
        "email": "x" * 100_000 + "@acme.example",
        "code": "9" * 100_000,
        "password": "x" * 100_000,
        "action_add": "",
    },
]


@pytest.mark.parametrize(
    "address", [*PAGES, "password/reset/key/zzzzzzzzzzzzz-x/", "password/reset/key/0-set-password/"]
)
def test_nonsense_breaks_no_page(client, visitor, address):
    for browser in (client, visitor):
        for data in NONSENSE:
            if "logout" not in address:
                assert browser.post(f"/account/{address}", data).status_code < 500
        for content_type in ("application/json", "text/plain", "multipart/form-data"):
            response = browser.post(f"/account/{address}", b"\xff{", content_type=content_type)
            assert response.status_code < 500

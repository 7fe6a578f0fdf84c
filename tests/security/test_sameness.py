"""Whether an address is known: told by no byte, and by no more work than for one that is not."""

import re

import pytest
from allauth.account.models import EmailAddress
from django.contrib.auth.hashers import MD5PasswordHasher
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from profiles.models import Invitation, User
from profiles.testing import PASSWORD, SiteClient, needs
from tenants.context import within

KNOWN, UNVERIFIED, DEACTIVATED, UNKNOWN = (f"{name}@acme.example" for name in ("reader", "editor", "gone", "nobody"))


@pytest.fixture(autouse=True)
def addresses(acme):
    """The reader has proved their address, the editor has not, and one has no password at all."""
    with within(acme):
        for username, verified in (("reader", True), ("editor", False)):
            user = User.objects.get(username=username)
            EmailAddress.objects.create(user=user, email=user.email, primary=True, verified=verified)
        User.objects.create_user("unset", "unset@acme.example")


class Work:
    """What a request cost: its statements, and how often a password was hashed."""

    def __init__(self, monkeypatch):
        self.hashes = 0
        encode = MD5PasswordHasher.encode

        def counted(hasher, *arguments):
            self.hashes += 1
            return encode(hasher, *arguments)

        monkeypatch.setattr(MD5PasswordHasher, "encode", counted)

    def of(self, ask):
        self.hashes = 0
        with CaptureQueriesContext(connection) as queries:
            response = ask()
        kinds = [query["sql"].split()[0] for query in queries if "set_config" not in query["sql"]]
        return bare(response), self.hashes, kinds


def bare(response):
    """An answer without what differs each time, or is an echo of what was typed."""
    body = re.sub(r'name="csrfmiddlewaretoken" value="\w+"', "", response.content.decode())
    body = re.sub(r"[\w.-]+@acme\.example|(?<=value=\")\w+(?=\")", "", body)
    return response.status_code, response.get("Location"), tuple(sorted(response.cookies)), body


@pytest.fixture
def work(monkeypatch):
    return Work(monkeypatch)


# The answer to an address calls it one, whether it is known or not, and so with usernames.
LOGINS = [
    [KNOWN, UNVERIFIED, DEACTIVATED, "unset@acme.example", UNKNOWN],
    ["reader", "gone", "unset", "nobody"],
]


@pytest.fixture
def sign_in(visitor):
    def ask(login):
        return lambda: visitor.post("/account/login/", {"login": login, "password": "a wrong password"})

    ask("warm@acme.example")()
    return ask


@pytest.mark.parametrize("logins", LOGINS, ids=["addresses", "usernames"])
def test_signing_in_says_the_same_and_hashes_once(work, sign_in, logins):
    """Look-ups by an index, of which it may be two more or less, take a thousandth of a hash."""
    answers = {login: work.of(sign_in(login)) for login in logins}
    assert {login: hashes for login, (_, hashes, _) in answers.items()} == dict.fromkeys(logins, 1)
    assert len({answer for answer, _, _ in answers.values()}) == 1
    statements = [len(kinds) for _, _, kinds in answers.values()]
    assert max(statements) - min(statements) <= 2


def test_only_the_right_password_of_a_deactivated_member_says_so(work, visitor, sign_in):
    right = work.of(lambda: visitor.post("/account/login/", {"login": DEACTIVATED, "password": PASSWORD}))
    wrong = work.of(sign_in(DEACTIVATED))
    assert "account is deactivated" in right[0][3]
    assert "deactivated" not in wrong[0][3]
    assert right[1] == wrong[1] == 1


def test_asking_for_a_new_password_says_and_does_the_same(work, visitor):
    def ask(email):
        return lambda: visitor.post("/account/password/reset/", {"email": email})

    ask(KNOWN)()
    answers = [work.of(ask(email)) for email in (KNOWN, UNVERIFIED, DEACTIVATED, UNKNOWN, "owner@acme.example")]
    assert len({str(answer) for answer in answers}) == 1
    assert len(answers[0][2]) > 1


@needs("profiles.mail_codes")
def test_asking_for_a_code_and_typing_a_wrong_one_says_and_does_the_same(work, acme):
    """At each of the three tries, and in what remains of the session."""

    def story(email):
        browser, post = SiteClient(acme), {"email": email}
        steps = [lambda: browser.post("/account/code/", post), lambda: browser.get("/account/code/confirm/")]
        steps += [lambda: browser.post("/account/code/confirm/", {"code": "WRONG2"})] * 3
        return [work.of(step) for step in [*steps, lambda: browser.get("/account/code/")]]

    story(KNOWN)
    answers = [story(email) for email in (KNOWN, UNVERIFIED, DEACTIVATED, UNKNOWN)]
    assert len({str(answer) for answer in answers}) == 1


def test_every_dead_invitation_says_the_same(acme, visitor, owner):
    """For a member, an invited person, or an unknown one."""
    tokens = []
    with within(acme):
        for email in (KNOWN, "new@acme.example"):
            tokens.append(Invitation.objects.create(email=email, invited_by=owner, accepted=owner.date_joined).token)
            tokens.append(Invitation.objects.create(email=email, invited_by=owner, revoked=owner.date_joined).token)
    answers = {bare(visitor.get(f"/invitations/{token}/"))[0::3] for token in [*tokens, "made-up"]}
    assert len(answers) == 1


def test_accepting_looks_the_same_whether_the_address_is_a_members_by_now(acme, owner, visitor):
    with within(acme):
        paths = [Invitation.objects.create(email=email, invited_by=owner).token for email in (KNOWN, UNKNOWN)]
    pages = {
        re.sub(r"[\w-]*reader[\w-]*|nobody", "", str(bare(visitor.get(f"/invitations/{path}/")))) for path in paths
    }
    assert len(pages) == 1


@needs("tenants.registration")
def test_signing_up_says_the_same(work):
    """Of people it knows nothing: they are in their organisations."""

    def ask(email):
        data = {"organisation": "C", "slug": "acme", "name": "Ada", "email": email, "password": PASSWORD}
        return lambda: Client(SERVER_NAME="localhost").post("/sign-up/", data)

    ask(UNKNOWN)()
    assert work.of(ask(KNOWN)) == work.of(ask(UNKNOWN))

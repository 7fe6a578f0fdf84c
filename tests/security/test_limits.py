"""Rate limits: shared by all processes, exact with fifty at once, and useless for locking other people out."""

import re
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from allauth.account.models import EmailAddress
from django.core.cache import cache
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection, connections
from django.test import Client

from profiles.models import Invitation, OutgoingMail, User
from profiles.roles import Role
from profiles.sign_in import verification
from profiles.sign_in.verification import ask_to_verify
from profiles.testing import PASSWORD, SiteClient, needs
from tenants.context import public, within
from tenants.limits.models import Limit

LOGIN = "/account/login/"
WORDS = "Too many attempts to sign in. Your password was not checked."
ATTACKER, ELSEWHERE = "198.51.100.66", "203.0.113.7"


def sign_in(client, login="owner", password=PASSWORD, address=ATTACKER):
    return client.post(LOGIN, {"login": login, "password": password}, REMOTE_ADDR=address)


# --- Signing in -------------------------------------------------------------------------------------------------


def test_of_fifty_wrong_passwords_at_once_five_are_looked_at(new_tenant):
    tenant, start = new_tenant("racers"), Barrier(50)

    def one(_number: int) -> str:
        try:
            browser = SiteClient(tenant)
            connection.ensure_connection()
            start.wait()
            return sign_in(browser, password="wrong").content.decode()
        finally:
            connections.close_all()

    with ThreadPoolExecutor(50) as pool:
        answers = list(pool.map(one, range(50)))
    assert sum(WORDS not in answer and "Too many attempts" not in answer for answer in answers) == 5


def test_no_one_is_named_in_public(acme, visitor):
    sign_in(visitor, "reader", "wrong")
    visitor.post("/account/password/reset/", {"email": "reader@acme.example"}, REMOTE_ADDR=ATTACKER)
    with public(), connection.cursor() as cursor:
        cursor.execute("SELECT tenants_limit::text, encode(key, 'escape') FROM tenants_limit")
        rows = str(cursor.fetchall())
    assert Limit.objects.count() > 3
    for word in ("reader", ATTACKER, acme.schema_name, "acme", "sign_in"):
        assert word not in rows


def test_one_address_is_stopped_after_five_and_other_processes_know(visitor):
    for _ in range(5):
        assert WORDS not in sign_in(visitor, password="wrong").content.decode()
    cache.clear()  # All that another process could not see.
    assert WORDS in sign_in(visitor).content.decode()


def test_every_name_of_a_member_counts_as_one(visitor, acme, owner):
    with within(acme):
        EmailAddress.objects.create(user=owner, email="olga@second.example")
    for login in ("owner", "OWNER", "owner@acme.example", "Owner@Acme.example", "olga@second.example"):
        assert WORDS not in sign_in(visitor, login, "wrong").content.decode()
    for login in ("owner", "owner@acme.example", "olga@second.example"):
        assert WORDS in sign_in(visitor, login).content.decode()
    assert sign_in(visitor, "reader").status_code == 302


def test_unknown_names_count_each_for_itself(visitor):
    for _ in range(5):
        sign_in(visitor, "nobody", "wrong")
    assert WORDS in sign_in(visitor, "nobody", "wrong").content.decode()
    assert WORDS not in sign_in(visitor, "noone", "wrong").content.decode()


def test_its_failures_do_not_lock_the_owner_out(visitor, acme):
    for _ in range(20):
        sign_in(visitor, password="wrong")
    assert WORDS in sign_in(visitor).content.decode()
    assert sign_in(SiteClient(acme), address=ELSEWHERE).status_code == 302


@pytest.mark.slow
def test_nor_do_those_of_a_hundred_addresses(visitor, acme):
    for number in range(100):
        sign_in(visitor, password="wrong", address=f"198.51.100.{number}")
    assert sign_in(SiteClient(acme), address=ELSEWHERE).status_code == 302


def test_under_attack_a_new_address_has_three_tries_an_hour(visitor):
    for number in range(30):
        sign_in(visitor, password="wrong", address=f"198.51.100.{number}")
    for _ in range(3):
        assert WORDS not in sign_in(visitor, password="wrong", address=ELSEWHERE).content.decode()
    assert WORDS in sign_in(visitor, password="wrong", address=ELSEWHERE).content.decode()


def test_who_succeeds_is_not_counted(visitor):
    for _ in range(12):
        assert sign_in(visitor).status_code == 302
        visitor.cookies.clear()


def test_an_address_is_stopped_over_all_organisations_and_names(visitor, globex):
    for number in range(10):
        sign_in(SiteClient(globex), f"stranger{number}", "wrong")
    assert WORDS in sign_in(visitor).content.decode()
    assert sign_in(visitor, address=ELSEWHERE).status_code == 302


def test_the_same_name_at_globex_is_another_account(visitor, globex):
    for _ in range(5):
        sign_in(visitor, password="wrong")
    assert sign_in(SiteClient(globex)).status_code == 302


def test_the_page_is_limited_for_an_address_with_any_input(visitor, globex):
    """Thirty a minute, of all organisations together."""
    for number in range(30):
        browser = visitor if number % 2 else SiteClient(globex)
        assert browser.post(LOGIN, {}, REMOTE_ADDR=ATTACKER).status_code == 200
    assert visitor.post(LOGIN, {}, REMOTE_ADDR=ATTACKER).status_code == 429
    assert visitor.post(LOGIN, {}, REMOTE_ADDR=ELSEWHERE).status_code == 200


@pytest.mark.parametrize(
    ("path", "times", "typed"),
    [
        ("/account/login/", 30, {"login": "owner"}),
        ("/account/password/change/", 5, {}),
        ("/account/reauthenticate/", 10, {}),
        ("/account/email/", 10, {"action_add": "", "email": "olga@"}),
        ("/account/password/reset/", 5, {"email": "olga@"}),
    ],
)
def test_forms_about_passwords_and_addresses_say_in_themselves_when_to_send_them_again(
    acme, as_user, owner, path, times, typed
):
    is_open = path in {"/account/login/", "/account/password/reset/"}
    browser = SiteClient(acme) if is_open else as_user(owner)
    answers = [browser.post(path, typed) for _ in range(times + 1)]
    refused = answers.pop()
    assert {answer.status_code for answer in answers} == {200}
    assert is_refused(refused)
    assert all(f'value="{value}"' in refused.content.decode() for value in typed.values() if value)
    assert "csrfmiddlewaretoken" in refused.content.decode()


def test_so_does_the_form_behind_the_link_for_a_new_password(acme, visitor, run_jobs, mailoutbox):
    visitor.post("/account/password/reset/", {"email": "reader@acme.example"})
    run_jobs()
    link = next(word for word in mailoutbox[-1].body.split() if "/password/reset/key/" in word)
    path = visitor.get(link.removeprefix("http://acme.localhost:8000"), follow=True).request["PATH_INFO"]
    answers = [visitor.post(path, {"password1": "short", "password2": "short"}) for _ in range(21)]
    assert {answer.status_code for answer in answers[:-1]} == {200}
    assert is_refused(answers[-1])
    assert "password1" in answers[-1].content.decode()


def test_buttons_of_an_address_say_it_above_the_form(as_user, owner):
    browser = as_user(owner)
    for _ in range(11):
        page = browser.post("/account/email/", {"action_send": "", "email": "olga@second.example"}, follow=True)
    assert "Too many attempts. Try again in 1 minute." in page.content.decode()


def test_a_right_password_that_is_sent_too_often_tells_no_more_than_a_wrong_one(as_user, owner):
    browser = as_user(owner)
    new = {"password1": "a different battery", "password2": "a different battery"}
    for _ in range(5):
        browser.post("/account/password/change/", {"oldpassword": "wrong", **new})
    pages = [browser.post("/account/password/change/", {"oldpassword": old, **new}) for old in (PASSWORD, "wrong")]
    assert all(map(is_refused, pages))
    assert len({str(page.context["form"].errors) for page in pages}) == 1


def test_a_thief_of_a_session_guesses_no_more_passwords_than_others(as_user, owner):
    browser = as_user(owner)
    for _ in range(5):
        assert browser.post("/account/reauthenticate/", {"password": "wrong"}).status_code == 200
    cache.clear()
    assert browser.post("/account/reauthenticate/", {"password": PASSWORD}).status_code == 200
    assert browser.post("/members/reader/role/", {"role": "owner"})["Location"].startswith("/account/reauthenticate/")


def test_a_new_password_by_mail_ends_the_wait(acme, visitor, run_jobs, mailoutbox):
    for _ in range(5):
        sign_in(visitor, "reader@acme.example", "wrong")
    visitor.post("/account/password/reset/", {"email": "reader@acme.example"})
    run_jobs()
    link = next(word for word in mailoutbox[-1].body.split() if "/password/reset/key/" in word)
    page = visitor.get(link.removeprefix("http://acme.localhost:8000"), follow=True, REMOTE_ADDR=ATTACKER)
    new = {"password1": "a different battery", "password2": "a different battery"}
    visitor.post(page.request["PATH_INFO"], new, REMOTE_ADDR=ATTACKER)
    assert sign_in(visitor, "reader@acme.example", "a different battery").status_code == 302


# --- Asking for a new password ----------------------------------------------------------------------------------


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


# --- Everything else --------------------------------------------------------------------------------------------


@pytest.fixture
def twice(settings, db):
    """Everything may be done twice, by an account, and three times, by an address."""
    few = {"account": (2, 60), "address": (3, 60), "mailbox": (2, 60)}
    settings.LIMITS = {name: {**rates, **few} for name, rates in settings.LIMITS.items()}


def is_refused(response):
    if response.status_code != 429:
        return False
    assert 1 <= int(response["Retry-After"]) <= 60
    assert re.search(r"Try again in 1 minute\.|Wait a minute", response.content.decode())
    return True


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
            ask_to_verify(EmailAddress.objects.create(user=user, email="ada@club.example"))
    run_jobs()
    assert [mail.to for mail in mailoutbox].count(["ada@club.example"]) == 2


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

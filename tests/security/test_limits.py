"""Rate limits: shared by all processes, exact with fifty at once, and useless for locking other people out."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from allauth.account.models import EmailAddress
from django.core.cache import cache
from django.db import connection, connections

from profiles.testing import PASSWORD, SiteClient
from tenants.context import public, within
from tenants.limits.models import Limit
from tests.daily import part_each_day
from tests.security.signing_in import ATTACKER, ELSEWHERE, LOGIN, WORDS, is_refused, sign_in


@pytest.mark.slow
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


def test_each_spelling_of_a_username_counts_as_one(visitor, acme, owner):
    """Also of those that are other words in small letters, or in other characters."""
    with within(acme):
        owner.username = "İpekẞ"
        owner.save()
    for login in ("İpekẞ", "I\u0307pekẞ", "\u0130PEKẞ", "owner@acme.example", "\u0130\uff50ekẞ"):
        assert WORDS not in sign_in(visitor, login, "wrong").content.decode()
    for login in ("İpekẞ", "I\u0307pekẞ", "owner@acme.example"):
        assert WORDS in sign_in(visitor, login).content.decode()


def test_each_spelling_of_an_unknown_username_counts_as_one(visitor):
    for login in ("zoë", "ZOË", "zoe\u0308", "\uff5aoë", "Zoë"):
        sign_in(visitor, login, "wrong")
    assert WORDS in sign_in(visitor, "zoë", "wrong").content.decode()


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
    part_each_day(
        [
            ("/account/login/", 30, {"login": "owner"}),
            ("/account/password/change/", 5, {}),
            ("/account/reauthenticate/", 10, {}),
            ("/account/email/", 10, {"action_add": "", "email": "olga@"}),
            ("/account/password/reset/", 5, {"email": "olga@"}),
        ]
    ),
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

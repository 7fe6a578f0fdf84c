"""Signing in and out: who may, with which credentials, how often, and in which organisation."""

import pytest
from django.conf import settings
from django.core.cache import cache

from profiles.models import Profile, Session, User
from profiles.testing import PASSWORD, SiteClient
from tenants.context import within

LOGIN = "/account/login/"
WRONG = "do not match"


def sign_in(client, login, password=PASSWORD, **extra):
    return client.post(LOGIN, {"login": login, "password": password}, **extra)


def is_signed_in(client):
    return client.get("/account/email/").status_code == 200


@pytest.mark.parametrize("login", ["reader", "READER", " reader ", "reader@acme.example", "Reader@ACME.Example"])
def test_member_signs_in_by_user_name_or_email_in_any_case(visitor, login):
    response = sign_in(visitor, login)
    assert response.status_code == 302
    assert response["Location"] == "/"
    assert is_signed_in(visitor)


@pytest.mark.parametrize("login", ["Zoë", "ZOË", "Zoe\u0308", "\uff3aoë"])
def test_member_signs_in_by_user_name_in_any_spelling(acme, reader, visitor, login):
    """Some keyboards and password managers write "ë" as two characters."""
    with within(acme):
        reader.username = "Zoë"
        reader.save()
    assert sign_in(visitor, login).status_code == 302
    assert is_signed_in(visitor)


@pytest.mark.parametrize(("username", "login"), [("ışık", "IŞIK"), ("ışık", "ışık"), ("ΣΑΣ", "σας"), ("ſam", "SAM")])
def test_member_signs_in_by_user_name_in_letters_that_python_compares_otherwise(acme, reader, visitor, username, login):
    """Whoever PostgreSQL finds is the member: their page and their attempts go by its comparison too."""
    with within(acme):
        reader.username = username
        reader.save()
        assert User.objects.get(username__iexact=login) == reader
    assert sign_in(visitor, login, "wrong").status_code == 200
    assert sign_in(visitor, login).status_code == 302
    assert is_signed_in(visitor)


def test_member_whose_address_was_saved_in_capitals_signs_in_by_it(acme, visitor):
    with within(acme):
        User.objects.bulk_create([User(username="capital", email="Capital@Acme.Example")])
        member = User.objects.get(email="CAPITAL@acme.example")
        member.set_password(PASSWORD)
        member.save()
    assert member.email == "capital@acme.example"
    assert sign_in(visitor, "Capital@Acme.example").status_code == 302


@pytest.mark.parametrize(
    ("login", "password"),
    [
        ("reader", "wrong"),
        ("nobody", PASSWORD),
        ("nobody@acme.example", PASSWORD),
        ("owner@globex.example", PASSWORD),  # a member of another organisation, with the right password there
        ("gone", "wrong"),  # deactivated
        ("gone@acme.example", "wrong"),
    ],
)
def test_others_do_not_get_in_and_are_all_told_the_same(visitor, login, password):
    response = sign_in(visitor, login, password)
    assert response.status_code == 200
    assert WRONG in response.content.decode()
    assert not is_signed_in(visitor)


@pytest.mark.parametrize("login", ["gone", "gone@acme.example"])
def test_deactivated_member_with_the_right_password_is_told_whom_to_ask(visitor, login):
    response = sign_in(visitor, login)
    words = "Your account is deactivated. Ask an owner or admin of Acme to reactivate it."
    assert words in response.content.decode()
    assert not is_signed_in(visitor)


@pytest.mark.parametrize(
    "data",
    [
        {},
        {"login": "", "password": ""},
        {"login": "reader\0", "password": PASSWORD},
        {"login": "reader", "password": "\0"},
        {"login": "x" * 500_000, "password": "y"},
        {"login": "reader", "password": "y" * 100_000},
        {"login": "ı" * 300 + "@acme.example", "password": "y"},
    ],
)
def test_nonsense_is_refused_in_the_form(visitor, data):
    response = visitor.post(LOGIN, data)
    assert response.status_code == 200
    assert not is_signed_in(visitor)


def test_what_was_typed_is_kept_but_not_the_password(visitor):
    page = sign_in(visitor, "reader", "not the password").content.decode()
    assert 'value="reader"' in page
    assert "not the password" not in page


def test_a_csrf_token_is_needed(acme):
    client = SiteClient(acme, enforce_csrf_checks=True)
    assert sign_in(client, "reader").status_code == 403


def test_member_deactivated_meanwhile_is_a_visitor_at_the_next_click(acme, reader, as_user):
    client = as_user(reader)
    assert is_signed_in(client)
    with within(acme):
        User.objects.filter(pk=reader.pk).update(is_active=False)
    assert not is_signed_in(client)


def test_signing_out_takes_a_post(acme, reader, as_user):
    client = as_user(reader)
    assert client.get("/account/logout/").status_code == 200
    assert is_signed_in(client)
    response = client.post("/account/logout/")
    assert response["Location"] == LOGIN
    assert not is_signed_in(client)


def test_signing_in_changes_the_session_key(visitor):
    visitor.get("/account/password/reset/key/1-nothing/")
    sign_in(visitor, "reader")
    first = visitor.cookies[settings.SESSION_COOKIE_NAME].value
    visitor.post("/account/logout/")
    sign_in(visitor, "reader")
    assert visitor.cookies[settings.SESSION_COOKIE_NAME].value != first


# --- Where `next` leads ------------------------------------------------------------------------------------


def test_next_leads_to_a_page_of_this_site(visitor):
    response = visitor.post(f"{LOGIN}?next=/people/", {"login": "reader", "password": PASSWORD})
    assert response["Location"] == "/people/"


def test_form_whose_session_has_ended_leads_back_to_its_page(visitor):
    form = {"headers": {"referer": "http://acme.localhost/members/?q=rita"}}
    response = visitor.post("/members/reader/role/", {"role": "editor"}, **form)
    assert response["Location"] == f"{LOGIN}?next=/members/%3Fq%3Drita"
    page = visitor.get(response["Location"]).content.decode()
    assert "You were signed out, and nothing was saved." in page


@pytest.mark.parametrize("referer", ["", "http://globex.localhost/members/", "http://acme.localhost.evil/", "http://["])
def test_a_page_of_another_site_is_not_led_to(visitor, referer):
    response = visitor.post("/members/reader/role/", {"role": "editor"}, headers={"referer": referer})
    assert response["Location"] == f"{LOGIN}?next=/members/reader/role/"


@pytest.mark.parametrize(
    "elsewhere",
    [
        "http://globex.localhost:8000/",  # anyone can sign up an organisation, so it is as untrusted as any other site
        "http://localhost:8000/",
        "https://example.com/",
        "//globex.localhost/",
        "/\\globex.localhost/",
        "javascript:alert(1)",
    ],
)
def test_next_never_leads_to_another_site(visitor, elsewhere):
    data = {"login": "reader", "password": PASSWORD, "next": elsewhere}
    assert visitor.post(LOGIN, data)["Location"] == "/"


# --- What the browser tells --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("known", "told", "kept"),
    [("", "Asia/Tokyo", "Asia/Tokyo"), ("", "Nowhere/Land", ""), ("", "", ""), ("UTC", "Asia/Tokyo", "UTC")],
)
def test_first_sign_in_notes_the_time_zone_of_the_browser(acme, reader, visitor, known, told, kept):
    with within(acme):
        Profile.objects.filter(user=reader).update(time_zone=known)
    visitor.post(LOGIN, {"login": "reader", "password": PASSWORD, "time_zone": told})
    with within(acme):
        assert Profile.objects.get(user=reader).time_zone == kept


def test_wrong_password_notes_nothing(acme, reader, visitor):
    visitor.post(LOGIN, {"login": "reader", "password": "wrong", "time_zone": "Asia/Tokyo"})
    with within(acme):
        assert Profile.objects.get(user=reader).time_zone == ""


def test_who_has_just_signed_in_is_not_asked_for_the_password_again(visitor, owner):
    sign_in(visitor, "owner")
    response = visitor.post("/members/reader/role/", {"role": "owner"})
    assert not response["Location"].startswith("/account/")


def test_some_minutes_later_they_are(acme, visitor, owner):
    sign_in(visitor, "owner")
    with within(acme):
        session = visitor.session
        records = session["account_authentication_methods"]
        session["account_authentication_methods"] = [{**each, "at": each["at"] - 301} for each in records]
        session.save()
    response = visitor.post("/members/reader/role/", {"role": "owner"})
    assert response["Location"].startswith("/account/reauthenticate/")


# --- Between organisations ---------------------------------------------------------------------------------


def test_a_session_of_acme_is_worth_nothing_at_globex(acme, globex, owner, stranger, as_user):
    assert owner.pk == stranger.pk
    client = as_user(owner)
    assert not is_signed_in_at(globex, client)


def test_a_session_row_copied_to_globex_is_worth_nothing_either(acme, globex, owner, stranger, as_user):
    client = as_user(owner)
    with within(acme):
        row = Session.objects.get()
    with within(globex):
        User.objects.filter(pk=stranger.pk).update(password=owner.password, last_login=owner.last_login)
        Session.objects.create(session_key=row.session_key, session_data=row.session_data, expire_date=row.expire_date)
    assert is_signed_in(client)
    assert not is_signed_in_at(globex, client)


def is_signed_in_at(tenant, client):
    """Is the browser signed in on another organisation's host, if it sends the same cookies there?"""
    other = SiteClient(tenant)
    other.cookies = client.cookies
    return is_signed_in(other)


# --- How often ---------------------------------------------------------------------------------------------


def lock_out(client, login="reader", **extra):
    for _ in range(5):
        assert WRONG in sign_in(client, login, "wrong", **extra).content.decode()


def test_after_five_wrong_passwords_the_right_one_has_to_wait(visitor):
    lock_out(visitor)
    response = sign_in(visitor, "reader")
    words = "Too many attempts to sign in. Your password was not checked. Try again in 5 minutes."
    assert words in response.content.decode()
    assert not is_signed_in(visitor)


def test_another_member_may_still_sign_in(visitor):
    lock_out(visitor)
    assert sign_in(visitor, "editor").status_code == 302


def test_a_lock_out_at_acme_leaves_globex_alone(globex, visitor):
    lock_out(visitor)
    assert sign_in(SiteClient(globex), "reader").status_code == 302


def test_neither_a_port_nor_capitals_in_the_host_header_give_new_attempts(acme, visitor):
    for port in range(5):
        sign_in(visitor, "READER" if port % 2 else "reader", "wrong", headers={"host": f"ACME.localhost:{port}"})
    assert "Too many attempts to sign in" in sign_in(visitor, "reader").content.decode()


def test_a_made_up_forwarded_address_gives_no_new_attempts(visitor):
    for number in range(10):
        headers = {"x-forwarded-for": f"192.0.2.{number}"}
        sign_in(visitor, f"stranger{number}", "wrong", headers=headers)
    response = sign_in(visitor, "reader", headers={"x-forwarded-for": "192.0.2.99"})
    assert "Too many attempts to sign in" in response.content.decode()


def test_behind_a_proxy_the_address_that_it_reports_counts(visitor, settings):
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = 1
    for number in range(10):
        sign_in(visitor, f"stranger{number}", "wrong", headers={"x-forwarded-for": "192.0.2.1, 203.0.113.1"})
    other = {"x-forwarded-for": "192.0.2.1, 203.0.113.2"}
    assert sign_in(visitor, "reader", headers=other).status_code == 302


def test_thirty_requests_in_a_minute_are_enough_for_one_address(visitor):
    for number in range(30):
        visitor.post(LOGIN, {"login": f"stranger{number}"})
    response = sign_in(visitor, "reader")
    assert response.status_code == 429
    assert "Too many attempts" in response.content.decode()


def test_attempts_of_ten_thousand_others_do_not_push_out_what_is_counted(visitor):
    lock_out(visitor)
    for number in range(10_000):
        cache.set(f"stranger{number}", [])
    assert "Too many attempts to sign in" in sign_in(visitor, "reader").content.decode()


# --- Joining -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("method", ["get", "post"])
def test_nobody_signs_up_inside_an_organisation(acme, visitor, method):
    data = {"email": "eve@example.com", "username": "eve", "password1": PASSWORD, "password2": PASSWORD}
    response = getattr(visitor, method)("/account/signup/", data)
    assert response.status_code == 200
    assert "by invitation" in response.content.decode()
    with within(acme):
        assert not User.objects.filter(username="eve").exists()

"""Who reads which language, on pages and in mails."""

from datetime import UTC, datetime

import pytest
from allauth.account.models import EmailAddress
from django.conf import settings
from django.utils import translation
from django.utils.formats import date_format
from django.utils.translation import ngettext

from profiles.models import User
from profiles.organisation.greeting import greet
from profiles.sign_in.verification import ask_to_verify
from profiles.testing import PASSWORD, SiteClient
from tenants.context import public, within
from tenants.models import Tenant
from tenants.serving import hosts


def choose(tenant: Tenant, user: User, language: str) -> None:
    with within(tenant):
        User.objects.filter(pk=user.pk).update(language=language)


def set_default(tenant: Tenant, language: str) -> None:
    with public():
        Tenant.objects.filter(pk=tenant.pk).update(language=language)
    hosts.clear()


def read(client, path: str, browser: str) -> str:
    return client.get(path, headers={"accept-language": browser}).content.decode()


@pytest.mark.parametrize("time", ["first", "second"])
def test_a_test_has_no_language_of_the_one_before(acme, visitor, time):
    """A request leaves its language in the thread, until the next one: a mail without a request would be in it."""
    assert translation.get_language() == settings.LANGUAGE_CODE, time
    assert "Anmelden" in read(visitor, "/account/login/", "de")
    assert translation.get_language() == "de"


@pytest.mark.parametrize(
    ("browser", "lang", "words"),
    [
        ("de-CH,de;q=0.9,en;q=0.5", '<html lang="de">', "Anmelden"),
        ("ar", '<html lang="ar" dir="rtl">', "تسجيل الدخول"),
        ("fr", '<html lang="en-gb">', "Sign in"),
    ],
)
def test_visitor_reads_the_browsers_language(visitor, browser, lang, words):
    page = read(visitor, "/account/login/", browser)
    assert lang in page
    assert words in page


def test_american_and_british_readers_have_their_spelling(public_client):
    assert "A workspace for your organization" in read(public_client, "/", "en-US,en")
    assert "A workspace for your organisation" in read(public_client, "/", "en-GB,en")


def test_member_reads_what_they_chose(acme, reader, as_user):
    choose(acme, reader, "de")
    set_default(acme, "ar")
    assert '<html lang="de">' in read(as_user(reader), "/", "en-GB")


def test_organisations_default_goes_before_the_browser(acme, reader, as_user, visitor):
    set_default(acme, "de")
    assert '<html lang="de">' in read(as_user(reader), "/", "en-GB")
    assert '<html lang="de">' in read(visitor, "/account/login/", "ar")


def test_globex_does_not_speak_acmes_language(acme, globex, stranger):
    set_default(acme, "de")
    assert '<html lang="en-gb">' in read(SiteClient(globex).sign_in(stranger), "/", "en-GB")


def test_member_chooses_a_language(acme, reader, as_user):
    client = as_user(reader)
    client.post("/account/preferences/", {"language": "ar", "theme": ""})
    with within(acme):
        assert User.objects.get(pk=reader.pk).language == "ar"
    assert 'dir="rtl"' in read(client, "/", "en-GB")


def test_unknown_language_is_refused(acme, reader, as_user):
    client = as_user(reader)
    response = client.post("/account/preferences/", {"language": "tlh"})
    assert "language" in response.context["form"].errors
    with within(acme):
        assert User.objects.get(pk=reader.pk).language == ""


def test_owner_chooses_the_default_in_the_settings(acme, owner, as_user):
    client = as_user(owner).give_password()
    client.post("/settings/", {"name": "Acme", "slug": "acme", "language": "de"})
    with public():
        assert Tenant.objects.get(pk=acme.pk).language == "de"


def test_mail_is_in_the_readers_language_also_from_a_job(acme, reader, run_jobs, mailoutbox):
    choose(acme, reader, "de")
    with within(acme):
        address = EmailAddress.objects.create(user=reader, email=reader.email, primary=True, verified=False)
        ask_to_verify(address)
    run_jobs()
    assert mailoutbox[-1].subject == "Bestätigen Sie Ihre E-Mail-Adresse für Acme"
    assert "Guten Tag" in mailoutbox[-1].body


def test_mail_is_in_the_readers_language_and_not_the_senders(acme, reader, run_jobs, mailoutbox):
    reader.language = "ar"
    with within(acme), translation.override("de"):
        greet(reader)
        assert translation.get_language() == "de"
    run_jobs()
    assert mailoutbox[-1].subject == "مرحبًا بك في Acme"
    assert 'dir="rtl"' in mailoutbox[-1].alternatives[0].content


def test_mail_says_the_time_of_the_readers_zone(acme, reader, as_user, run_jobs, mailoutbox):
    with within(acme):
        reader.profile.time_zone = "Asia/Tokyo"
        reader.profile.save()
    client = as_user(reader).give_password()
    new = "a quite different password"
    client.post("/account/password/change/", {"oldpassword": PASSWORD, "password1": new, "password2": new})
    run_jobs()
    assert "(Asia/Tokyo)" in mailoutbox[-1].body or "(JST)" in mailoutbox[-1].body


@pytest.mark.parametrize(
    ("number", "words"),
    [(1, "شخص واحد"), (2, "شخصان"), (3, "3 أشخاص"), (5, "5 أشخاص"), (11, "11 شخصًا"), (100, "100 شخص")],
)
def test_arabic_counts_people_in_its_own_way(number, words):
    with translation.override("ar"):
        assert ngettext("%(shown)s person", "%(shown)s people", number) % {"shown": number} == words


def test_new_member_keeps_the_language_they_joined_in(acme, owner, visitor):
    from profiles.invitations.changes import invite

    with within(acme):
        token = invite(actor=owner, email="nora@new.example", role="reader").token
    joining = {"name": "Nora Newman", "username": "nora", "password": "a quite different password"}
    response = visitor.post(f"/invitations/{token}/", joining, headers={"accept-language": "de"})
    assert response.status_code == 302
    with within(acme):
        assert User.objects.get(username="nora").language == "de"


@pytest.mark.parametrize("number", [1, 2, 3, 5, 11, 100])
def test_no_arabic_plural_is_left_in_english_or_without_its_number(number):
    """One and two have words of their own; from three on, each form says the number."""
    with translation.override("ar"):
        said = ngettext("Try again in %(n)s minute.", "Try again in %(n)s minutes.", number) % {"n": number}
    assert "minute" not in said
    assert (str(number) in said) == (number > 2)


@pytest.mark.parametrize(
    ("language", "long", "short"),
    [
        ("en-gb", "27 November 2026, 09:30", "27/11/2026, 09:30"),
        ("en-us", "Nov. 27, 2026, 9:30 a.m.", "11/27/2026 9:30 a.m."),
        ("de", "27. November 2026 09:30", "27.11.2026 09:30"),
        ("ar", "27 نوفمبر 2026، 9:30 ص", "27/11/2026، 9:30 ص"),
    ],
)
def test_dates_with_times_are_as_the_language_writes_them(language, long, short):
    moment = datetime(2026, 11, 27, 9, 30, tzinfo=UTC)
    with translation.override(language):
        assert date_format(moment, "DATETIME_FORMAT") == long
        assert date_format(moment, "SHORT_DATETIME_FORMAT") == short


def test_example_address_reads_from_left_to_right_in_arabic(public_client):
    """Otherwise it reads "example.com.acme", with the parts in the direction of the page."""
    page = read(public_client, "/", "ar")
    assert '<p class="address" dir="ltr"><strong>acme</strong>' in page
    assert '<svg direction="ltr" class="street"' in page

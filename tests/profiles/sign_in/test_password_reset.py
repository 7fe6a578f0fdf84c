"""A new password by mail: anyone can request it, and it works for one person in one organisation."""

import re

import pytest
from allauth.account.forms import default_token_generator
from allauth.account.models import EmailAddress
from django.utils.http import base36_to_int, int_to_base36
from procrastinate.contrib.django import app

from profiles.models import OutgoingMail, User
from profiles.testing import PASSWORD, SiteClient, queued_jobs
from tenants.context import within
from tests.mails import links
from tests.profiles.races import overtaken

RESET = "/account/password/reset/"
NEW = "a different battery staple"


def ask(client, email, **extra):
    return client.post(RESET, {"email": email}, **extra)


@pytest.fixture
def signed_in(reader, as_user):
    """The reader's own browser, since before the link was asked for."""
    return as_user(reader)


@pytest.fixture
def link(signed_in, visitor, run_jobs, mailoutbox):
    """The address that the reader gets by mail after asking."""
    ask(visitor, "reader@acme.example")
    run_jobs()
    return address_in(mailoutbox[-1].body)


@pytest.fixture
def asked():
    """Does what waits for the worker first: the links are written there, and mailed by further jobs."""

    def write() -> None:
        for job in queued_jobs():
            app.tasks[job.task_name].func(**job.args)

    return write


def waiting(tenant):
    """The recipients of queued mails, except the owner, who was sent one at sign-up."""
    with within(tenant):
        return [mail.to for mail in OutgoingMail.objects.exclude(to__startswith="owner")]


def address_in(text):
    return re.findall(r"https?://\S+/password/reset/key/\S+", text)[0]


def path_of(link):
    return link.removeprefix("http://acme.localhost:8000")


def open_link(client, link):
    return client.get(path_of(link), follow=True)


def choose(client, link, password=NEW):
    page = open_link(client, link)
    return client.post(page.request["PATH_INFO"], {"password1": password, "password2": password}, follow=True)


def can_sign_in(client, password):
    return client.post("/account/login/", {"login": "reader", "password": password}).status_code == 302


def test_member_asks_opens_the_link_and_signs_in_with_the_new_password(visitor, link, mailoutbox):
    message = mailoutbox[-1]
    assert message.to == ["reader@acme.example"]
    assert message.subject == "Choose a new password – Acme"
    assert link.startswith("http://acme.localhost:8000/account/password/reset/key/")
    choose(visitor, link)
    assert not can_sign_in(visitor, PASSWORD)
    assert can_sign_in(visitor, NEW)


def test_a_link_that_somebody_made_younger_is_dead(visitor, link):
    def later(stamp):
        return f"-{int_to_base36(base36_to_int(stamp[1]) + 60)}-"

    younger = re.sub(r"-([0-9a-z]+)-", later, link, count=1)
    assert younger != link
    choose(visitor, younger)
    assert can_sign_in(visitor, PASSWORD)


def test_the_mail_is_text_and_html_with_the_same_link(link, mailoutbox):
    html = mailoutbox[-1].alternatives[0].content
    assert link in html
    assert "Rita Reader" in html
    assert "Acme" in html


@pytest.mark.parametrize("host", ["acme.localhost:31337", "ACME.LOCALHOST", "acme.localhost.:666"])
def test_the_link_is_canonical_whatever_the_host_header_says(visitor, run_jobs, mailoutbox, host):
    headers = {"host": host, "x-forwarded-host": "evil.example"}
    assert ask(visitor, "reader@acme.example", headers=headers).status_code == 302
    run_jobs()
    assert "http://acme.localhost:8000/account/password/reset/key/" in mailoutbox[-1].body
    assert all(link.startswith("http://acme.localhost:8000/") for link in links(mailoutbox[-1]))


def test_the_answer_is_the_same_for_known_unknown_deactivated_and_next_door(acme, visitor, asked):
    answers = set()
    for email in ("reader@acme.example", "nobody@acme.example", "gone@acme.example", "owner@globex.example"):
        response = ask(visitor, email)
        followed = visitor.get(response["Location"])
        text = re.sub(r'name="csrfmiddlewaretoken" value="\w+"', "", followed.content.decode())
        answers.add((response.status_code, response["Location"], text.replace(email, "")))
    assert len(answers) == 1
    asked()
    assert waiting(acme) == ["reader@acme.example"]


def test_asking_ignores_case(visitor, run_jobs, mailoutbox):
    ask(visitor, "READER@Acme.Example")
    run_jobs()
    assert mailoutbox[-1].to == ["reader@acme.example"]


@pytest.mark.parametrize("email", ["", "no address", "a\0b@acme.example", "reader@acme.example\nBcc: eve@example.com"])
def test_what_is_no_address_is_refused_in_the_form(acme, visitor, email):
    assert ask(visitor, email).status_code == 200
    assert waiting(acme) == []


def test_the_link_works_once(visitor, link):
    choose(visitor, link)
    assert is_dead(open_link(visitor, link))


def test_of_two_who_use_it_at_the_same_moment_one_sets_the_password(new_tenant):
    tenant = new_tenant("resetters")
    with within(tenant):
        owner = User.objects.get()
        key = default_token_generator.make_token(owner)
    browser = SiteClient(tenant, raise_request_exception=False)
    form = browser.get(f"{RESET}key/{int_to_base36(owner.pk)}-{key}/")["Location"]

    def reset():
        return browser.post(form, {"password1": NEW, "password2": NEW}).status_code

    def by_another():
        owner.set_password("of the faster one")
        owner.save()

    assert overtaken(tenant, reset, by=by_another) == 403
    with within(tenant):
        assert User.objects.get().check_password("of the faster one")


def test_a_changed_password_kills_the_link(acme, visitor, link, reader):
    with within(acme):
        reader.set_password(NEW)
        reader.save()
    assert is_dead(open_link(visitor, link))


def test_a_new_link_after_a_change_of_address_kills_the_old(acme, visitor, link, reader):
    with within(acme):
        EmailAddress.objects.filter(user=reader).update(email="rita@acme.example")
        User.objects.filter(pk=reader.pk).update(email="rita@acme.example")
    assert is_dead(open_link(visitor, link))


def test_the_link_dies_of_age(visitor, link, settings):
    settings.PASSWORD_RESET_TIMEOUT = -1
    assert is_dead(open_link(visitor, link))


def test_the_link_is_worth_nothing_next_door_where_the_person_looks_the_same(acme, globex, reader, link):
    with within(acme):
        reader.refresh_from_db()
        addresses = list(EmailAddress.objects.filter(user=reader).values("email", "primary", "verified"))
    with within(globex):
        same = {"password": reader.password, "last_login": reader.last_login, "email": reader.email}
        assert User.objects.filter(pk=reader.pk).update(**same) == 1
        EmailAddress.objects.bulk_create(EmailAddress(user_id=reader.pk, **each) for each in addresses)
    assert is_dead(open_link(SiteClient(globex), link))
    assert not is_dead(open_link(SiteClient(acme), link))


def test_somebody_deactivated_meanwhile_gains_nothing(acme, visitor, link, reader):
    with within(acme):
        User.objects.filter(pk=reader.pk).update(is_active=False)
    choose(visitor, link)
    assert not can_sign_in(visitor, NEW)


@pytest.mark.parametrize("password", ["short", "12345678901234", "password123", "reader@acme"])
def test_a_weak_password_is_refused(visitor, link, password):
    choose(visitor, link, password)
    assert not can_sign_in(visitor, password)


def test_sessions_end_when_the_password_is_reset(signed_in, visitor, link):
    assert signed_in.get("/account/email/").status_code == 200
    choose(visitor, link)
    assert signed_in.get("/account/email/").status_code == 302


def test_the_member_is_told_by_mail(visitor, link, run_jobs, mailoutbox):
    choose(visitor, link)
    run_jobs()
    assert mailoutbox[-1].subject == "Your password was reset – Acme"


def test_asking_is_limited_for_each_address(visitor, globex):
    for _ in range(5):
        assert ask(visitor, "reader@acme.example").status_code == 302
    assert ask(visitor, "reader@acme.example").status_code == 429
    assert ask(SiteClient(globex), "reader@acme.example").status_code == 302


def is_dead(page):
    """Is this the page that says that the link is worth nothing? It has no form for a password."""
    return page.status_code == 200 and "password1" not in page.content.decode()

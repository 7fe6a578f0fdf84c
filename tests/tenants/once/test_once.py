"""A double click: the same form sent twice takes effect once, and both responses redirect to the same page."""

import re
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from profiles.invitations import changes
from profiles.models import Invitation, OutgoingMail, User
from profiles.testing import PASSWORD, SiteClient, person
from profiles.testing.installed import needs
from tenants.context import public, within
from tenants.models import Tenant
from tenants.once.doing import sweep_once
from tenants.once.models import Done
from tenants.schemas.spares import make_spare
from tests.daily import part_each_day
from tests.profiles.races import at_once

CLUB = {
    "organisation": "Rowing Club",
    "slug": "rowing-club",
    "name": "Ada Club",
    "email": "ada@club.example",
    "password": "plenty of rocket fuel",
}
NORA = {"email": "nora@new.example", "role": "reader", "message": ""}
JOINING = {"name": "Nora New", "username": "nora", "password": PASSWORD}
INVITATIONS = "/members/invitations/"
INVITE = "/members/invitations/new/"


def form_of(browser: Client, path: str) -> dict[str, str]:
    """The key of a form, as a browser has it from the page."""
    return {"once": re.findall(r'name="once" value="(\w{22})"', browser.get(path).content.decode())[0]}


def twice(browser: Client, path: str, data: dict[str, str]) -> list[tuple[int, str]]:
    """Where both answers lead."""
    answers = [browser.post(path, data) for _ in range(2)]
    return [(answer.status_code, answer.headers.get("Location", "")) for answer in answers]


def mails(tenant: Tenant, to: str) -> int:
    with within(tenant):
        return OutgoingMail.objects.filter(to=to).count()


# --- Signing up -------------------------------------------------------------------------------------------------------


@pytest.fixture
def clubs(public_client):
    """The public site, with room for two clubs."""
    make_spare()
    make_spare()
    return public_client


@needs("tenants.registration")
def test_both_answers_lead_to_the_one_organisation(clubs):
    first, second = twice(clubs, "/sign-up/", CLUB | form_of(clubs, "/sign-up/"))
    assert first == second
    assert first[1].startswith("http://rowing-club.localhost:8000/hand-off/")
    club = Tenant.objects.get(slug="rowing-club")
    browser, path = SiteClient(club), first[1].removeprefix("http://rowing-club.localhost:8000")
    assert browser.get(path, follow=True).redirect_chain == [("/", 302)]
    assert browser.get(path, follow=True).redirect_chain == [("/", 302)], "It is opened twice as well."


@needs("tenants.registration")
def test_of_two_at_the_same_moment_too(committed):
    make_spare()
    make_spare()
    data = CLUB | form_of(Client(SERVER_NAME="localhost"), "/sign-up/")
    host = Tenant.objects.get(slug="acme")  # for the connections alone
    answers = at_once(host, *[lambda: Client(SERVER_NAME="localhost").post("/sign-up/", data)] * 4)
    assert [answer.status_code for answer in answers] == [302] * 4
    assert len({answer.url for answer in answers}) == 1
    assert Tenant.objects.filter(slug="rowing-club").count() == 1
    assert Tenant.objects.spare().count() >= 1


@needs("tenants.registration")
@pytest.mark.parametrize(
    "other", part_each_day([{"once": "another"}, {"once": ""}, {"password": "another rocket fuel"}])
)
def test_another_form_is_told_that_the_address_is_taken(clubs, other):
    data = CLUB | form_of(clubs, "/sign-up/")
    assert clubs.post("/sign-up/", data).status_code == 302
    response = clubs.post("/sign-up/", data | other)
    assert "taken" in response.context["form"].errors["slug"][0]


@needs("tenants.registration")
def test_a_form_that_was_wrong_can_be_sent_again(clubs):
    data = CLUB | form_of(clubs, "/sign-up/")
    assert clubs.post("/sign-up/", data | {"email": "ada"}).status_code == 200
    assert clubs.post("/sign-up/", data).status_code == 302


# --- In an organisation -----------------------------------------------------------------------------------------------


def test_an_invitation_is_sent_once(acme, as_user, owner):
    browser = as_user(owner)
    assert twice(browser, INVITE, NORA | form_of(browser, INVITE)) == [(302, INVITATIONS)] * 2
    assert mails(acme, NORA["email"]) == 1


def test_without_its_key_it_would_be_refused(as_user, owner):
    assert [status for status, _ in twice(as_user(owner), INVITE, NORA)] == [302, 200]


def test_the_page_one_comes_back_to_is_good_for_another_invitation(acme, as_user, owner):
    browser = as_user(owner)
    key = form_of(browser, INVITE)
    for email in ("a@new.example", "b@new.example"):
        browser.post(INVITE, {**NORA, "email": email, **key})
    with within(acme):
        assert Invitation.objects.open().count() == 2


def test_the_same_key_is_another_form_next_door(acme, globex, as_user, owner, stranger):
    key = form_of(as_user(owner), INVITE)
    for browser in (as_user(owner), SiteClient(globex).sign_in(stranger)):
        browser.post(INVITE, NORA | key)
    assert mails(acme, NORA["email"]) == mails(globex, NORA["email"]) == 1


@pytest.mark.parametrize(("action", "sent"), [("resend", 2), ("revoke", 1)])
def test_what_is_done_to_an_invitation_is_done_once(acme, as_user, owner, action, sent):
    with within(acme):
        invitation = changes.invite(actor=owner, **NORA)
    browser = as_user(owner)
    key = form_of(browser, INVITE)
    assert twice(browser, f"{INVITATIONS}{invitation.pk}/{action}/", key) == [(302, INVITATIONS)] * 2
    assert mails(acme, NORA["email"]) == sent


def test_of_four_at_the_same_moment_one_sends_the_mail(new_tenant):
    tenant = new_tenant("clicking")
    owner = person(tenant, "owner")
    key = form_of(SiteClient(tenant).sign_in(owner), INVITE)
    with within(tenant):
        invitation = changes.invite(actor=owner, **NORA)
    again = f"{INVITATIONS}{invitation.pk}/resend/"
    browsers = [SiteClient(tenant).sign_in(owner) for _ in range(4)]
    answers = at_once(tenant, *[lambda browser=browser: browser.post(again, key) for browser in browsers])
    assert [(answer.status_code, answer.headers.get("Location")) for answer in answers] == [(302, INVITATIONS)] * 4
    assert mails(tenant, NORA["email"]) == 2


def test_joining_twice_is_joining_and_signs_in(acme, owner):
    with within(acme):
        path = Invitation.objects.create(email=NORA["email"], invited_by=owner).url.partition(":8000")[2]
    data = JOINING | form_of(SiteClient(acme), path)
    # The browser drops the first answer, with its cookies, for the second.
    first, second = SiteClient(acme), SiteClient(acme)
    assert first.post(path, data)["Location"] == "/"
    assert second.post(path, data, follow=True).redirect_chain[-1] == ("/", 302)
    for browser in (first, second):
        assert browser.get("/people/nora/edit/").status_code == 200
    assert SiteClient(acme).post(path, JOINING).status_code == 410
    with within(acme):
        assert User.objects.filter(username="nora").count() == 1


@pytest.mark.parametrize("action", ["remove", "deactivate"])
def test_what_is_done_to_a_member_is_done_once(acme, as_user, owner, action):
    browser, path = as_user(owner), f"/members/reader/{action}/"
    assert twice(browser, path, form_of(browser, path)) == [(302, "/people/")] * 2


@needs("profiles.admin")
def test_a_member_is_added_in_the_admin_once(acme, as_user, admin):
    browser, path = as_user(admin), "/admin/profiles/user/add/"
    data = {"username": "new", "email": "", "usable_password": "false", "role": "reader"} | form_of(browser, path)
    first, second = twice(browser, path, data)
    assert first == second
    assert first[0] == 302


def test_an_address_is_changed_once(acme, as_user, reader):
    browser = as_user(reader).give_password()
    data = {"email": "rita@new.example", "action_add": ""} | form_of(browser, "/account/email/")
    assert twice(browser, "/account/email/", data) == [(302, "/account/email/")] * 2
    assert mails(acme, "rita@new.example") == 1


# --- How long ---------------------------------------------------------------------------------------------------------


def test_answers_are_forgotten(acme, as_user, owner):
    browser = as_user(owner)
    for number in range(2):
        browser.post(INVITE, {**NORA, "email": f"{number}@new.example"} | form_of(browser, INVITE))
    with public():
        old = Done.objects.order_by("created")[0]
        Done.objects.filter(pk=old.pk).update(created=timezone.now() - timedelta(hours=2))
        sweep_once()
        assert Done.objects.count() == 1


def test_stored_answers_contain_no_names(as_user, owner):
    browser = as_user(owner)
    browser.post(INVITE, NORA | form_of(browser, INVITE))
    with public():
        assert Done.objects.values_list("answer", flat=True).get() == INVITATIONS

"""Sessions end: at once for a deactivated member, after a while by themselves; and some actions need the password."""

import time

import pytest
from allauth.account.models import EmailAddress
from asgiref.sync import async_to_sync
from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.backends.base import CreateError

from profiles.members import changes
from profiles.models import Invitation, Session, User
from profiles.sign_in.session_store import BEGUN, SEEN, SessionStore
from profiles.testing import PASSWORD, SiteClient, needs, person
from tenants.context import within

DAY = 86_400


def is_signed_in(browser):
    return browser.get("/people/").status_code == 200


@pytest.fixture
def two(acme, reader):
    """The reader's two browsers: one signed in by the page, and one by a link."""
    page = SiteClient(acme)
    page.post("/account/login/", {"login": "reader", "password": PASSWORD})
    link = SiteClient(acme).sign_in(reader)
    assert is_signed_in(page)
    assert is_signed_in(link)
    return page, link


@pytest.mark.parametrize("verb", [changes.deactivate, changes.remove])
def test_at_the_next_request_of_a_deactivated_member(acme, two, owner, reader, verb):
    with within(acme):
        verb(actor=owner, member=reader)
    assert [is_signed_in(browser) for browser in two] == [False, False]


def test_a_reactivated_member_has_to_sign_in(acme, two, owner, reader):
    with within(acme):
        changes.deactivate(actor=owner, member=reader)
        changes.reactivate(actor=owner, member=person(acme, "reader"))
    assert not is_signed_in(two[0])


def test_others_end_with_a_new_password_and_this_one_stays(two):
    page, _link = two
    new = {"oldpassword": PASSWORD, "password1": "a different battery", "password2": "a different battery"}
    assert page.post("/account/password/change/", new).status_code == 302
    assert [is_signed_in(browser) for browser in two] == [True, False]


def aged(acme, browser, **stamps):
    """Let a session's stamps be so many seconds older."""
    with within(acme):
        row = Session.objects.get(session_key=browser.cookies["session"].value)
        data = {**row.get_decoded(), **{name: time.time() - seconds for name, seconds in stamps.items()}}
        row.session_data = SessionStore().encode(data)
        row.save()


@pytest.mark.parametrize(("begun", "seen", "goes_on"), [(29, 13, True), (29, 15, False), (31, 0, False), (0, 0, True)])
def test_by_age_and_when_nothing_is_clicked(acme, two, begun, seen, goes_on):
    for browser in two:
        aged(acme, browser, **{BEGUN: begun * DAY, SEEN: seen * DAY})
        assert is_signed_in(browser) is goes_on
    with within(acme):
        assert Session.objects.exists() is goes_on


def test_a_click_keeps_it_from_idling_and_not_from_ageing(acme, two, settings):
    browser = two[0]
    aged(acme, browser, **{BEGUN: 20 * DAY, SEEN: 13 * DAY})
    assert is_signed_in(browser)
    with within(acme):
        data = Session.objects.get(session_key=browser.cookies["session"].value).get_decoded()
    assert time.time() - data[SEEN] < 60
    assert time.time() - data[BEGUN] > 19 * DAY


def test_settings_say_how_long(acme, two, settings):
    settings.SESSION_IDLE_SECONDS = 3600
    aged(acme, two[0], **{SEEN: 3601})
    assert not is_signed_in(two[0])


@pytest.mark.parametrize(
    ("idle", "seen", "is_noted"), [(100, 40, False), (100, 60, True), (14 * DAY, 590, False), (14 * DAY, 610, True)]
)
def test_a_click_is_noted_after_ten_minutes_or_half_of_a_shorter_while(acme, two, settings, idle, seen, is_noted):
    """And not each time: it costs a row written."""
    settings.SESSION_IDLE_SECONDS = idle
    aged(acme, two[0], **{SEEN: seen})
    assert is_signed_in(two[0])
    with within(acme):
        data = Session.objects.get(session_key=two[0].cookies["session"].value).get_decoded()
        member = User.objects.get(pk=data[SESSION_KEY])
    assert (time.time() - data[SEEN] < 30) is is_noted
    assert (member.last_seen is not None) is is_noted


def test_what_is_kept_after_one_is_over_is_kept_in_another(acme, two):
    aged(acme, two[0], **{SEEN: 15 * DAY})
    with within(acme):
        store = SessionStore(two[0].cookies["session"].value)
        store["basket"] = "full"
        store.save()
        assert store.session_key != two[0].cookies["session"].value
        assert SessionStore(store.session_key)["basket"] == "full"


def test_a_visitors_session_lasts_from_when_it_is_first_saved(acme):
    with within(acme):
        store = SessionStore()
        store["basket"] = "full"
        store.save()
        assert SessionStore(store.session_key)["basket"] == "full"


def test_async_code_has_the_same_sessions(acme):
    async def visit() -> None:
        first = SessionStore()
        await first.aset("basket", "full")
        await first.asave()
        await first.asave()
        again = SessionStore(first.session_key)
        assert await again.aget("basket") == "full"
        with pytest.raises(CreateError):
            await again.asave(must_create=True)

    with within(acme):
        async_to_sync(visit)()


@pytest.mark.parametrize("lacking", [{BEGUN}, {SEEN}, {BEGUN, SEEN}])
def test_a_row_without_stamps_is_no_session(acme, two, lacking):
    with within(acme):
        row = Session.objects.get(session_key=two[0].cookies["session"].value)
        data = {name: value for name, value in row.get_decoded().items() if name not in lacking}
        row.session_data = SessionStore().encode(data)
        row.save()
    assert not is_signed_in(two[0])


def test_signing_in_begins_it_anew(acme, visitor):
    old = time.time() - 100
    with within(acme):
        store = SessionStore()
        store.update({BEGUN: old, SEEN: old})
        store.save()
    visitor.cookies["session"] = store.session_key
    visitor.post("/account/login/", {"login": "reader", "password": PASSWORD})
    with within(acme):
        [row] = Session.objects.all()
    assert row.session_key == visitor.cookies["session"].value != store.session_key
    assert all(row.get_decoded()[stamp] > old + 90 for stamp in (BEGUN, SEEN))


# --- The password, once more ------------------------------------------------------------------------------------

ASK = "/account/reauthenticate/?next="
NEEDED = [
    ("/account/email/", {"email": "olga@new.example", "action_add": ""}),
    ("/account/email/", {"email": "olga@second.example", "action_primary": ""}),
    ("/account/email/", {"email": "olga@second.example", "action_remove": ""}),
    ("/settings/", {"name": "Acme", "slug": "apex"}),
    ("/members/reader/role/", {"role": "owner"}),
    ("/members/invitations/new/", {"email": "new@acme.example", "role": "owner"}),
    ("/members/second/role/", {"role": "reader"}),
    ("/members/second/deactivate/", {}),
    ("/members/second/remove/", {}),
    ("/members/invitations/{owner}/resend/", {}),
    ("/members/invitations/{owner}/revoke/", {}),
]


@pytest.fixture
def second(acme, owner):
    """All of an owner's that could be changed: another owner, one who is invited, and another address."""
    with within(acme):
        User.objects.create_user("second", "second@acme.example", PASSWORD, role="owner")
        for email in (owner.email, "olga@second.example"):
            EmailAddress.objects.update_or_create(
                user=owner, email=email, defaults={"verified": True, "primary": email == owner.email}
            )
        return Invitation.objects.create(email="third@acme.example", role="owner", invited_by=owner)


def state(tenant):
    """What a thief of a session would change."""
    tenant.refresh_from_db()
    with within(tenant):
        tables = (
            User.objects.values_list("username", "role", "is_active", "email", "password"),
            EmailAddress.objects.values_list("email", "primary"),
            Invitation.objects.values_list("email", "nonce", "revoked"),
        )
        return tenant.slug, [sorted(table, key=str) for table in tables]


@pytest.mark.parametrize(("path", "data"), NEEDED, ids=[path + str(sorted(data)) for path, data in NEEDED])
def test_is_asked_for_by_what_a_thief_of_a_session_would_do(acme, second, as_user, owner, path, data):
    browser, before = as_user(owner), state(acme)
    path = path.format(owner=second.pk)
    assert browser.post(path, data)["Location"].startswith(ASK)
    assert state(acme) == before
    assert not browser.give_password().post(path, data).get("Location", "").startswith(ASK)
    assert state(acme) != before


@pytest.mark.parametrize("old", ["", "wrong"])
def test_a_new_password_takes_the_old_one(acme, as_user, owner, old):
    """Also where it was given a moment ago."""
    browser, before = as_user(owner).give_password(), state(acme)
    new = {"oldpassword": old, "password1": "a different battery", "password2": "a different battery"}
    assert browser.post("/account/password/change/", new).status_code == 200
    assert browser.post("/account/password/set/", new)["Location"] == "/account/password/change/"
    assert state(acme) == before


@needs("profiles.admin")
def test_the_admin_takes_a_new_password_where_all_are_given(acme, as_user, owner):
    browser, before = as_user(owner).give_password(), state(acme)
    new = {"oldpassword": "", "new_password1": "a different battery", "new_password2": "a different battery"}
    assert browser.post("/admin/password_change/", new)["Location"] == "/account/password/change/"
    assert state(acme) == before


@needs("profiles.admin")
def test_the_admin_makes_no_owner_past_it(acme, as_user, owner):
    before = state(acme)
    data = {"username": "new", "role": "owner", "usable_password": "false"}
    assert "Choose an option from the list" in as_user(owner).post("/admin/profiles/user/add/", data).content.decode()
    assert state(acme) == before


def test_what_was_asked_for_is_done_after_it(acme, as_user, owner):
    browser = as_user(owner)
    ask = browser.post("/members/reader/role/", {"role": "owner"})["Location"]
    assert browser.post(ask, {"password": "wrong"}).status_code == 200
    assert person(acme, "reader").role == "reader"
    browser.post(ask, {"password": PASSWORD})
    assert person(acme, "reader").role == "owner"


def later(browser, seconds):
    """As if the password had been given so long before."""
    with within(browser.tenant):
        session = browser.session
        for each in session["account_authentication_methods"]:
            each["at"] -= seconds
        session.save()


def test_is_asked_for_again_after_five_minutes(as_user, owner):
    browser, data = as_user(owner).give_password(), {"role": "owner"}
    later(browser, 301)
    assert browser.post("/members/reader/role/", data)["Location"].startswith(ASK)
    assert browser.give_password().post("/members/reader/role/", data)["Location"] == "/people/"


def test_signing_in_counts_for_five_minutes(visitor):
    visitor.post("/account/login/", {"login": "owner", "password": PASSWORD})
    later(visitor, 290)
    assert visitor.post("/members/reader/role/", {"role": "owner"})["Location"] == "/people/"
    later(visitor, 11)
    assert visitor.post("/members/reader/role/", {"role": "reader"})["Location"].startswith(ASK)


def test_is_not_asked_for_by_everyday_work(as_user, owner):
    browser = as_user(owner)
    for path, data in (
        ("/settings/", {"name": "Acme Ltd", "slug": "acme"}),
        ("/members/reader/role/", {"role": "editor"}),
        ("/members/invitations/new/", {"email": "new@acme.example", "role": "admin"}),
    ):
        assert not browser.post(path, data).get("Location", "").startswith(ASK)

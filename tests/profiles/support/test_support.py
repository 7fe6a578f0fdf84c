"""An operator signs in as a member for support: with consent, for an hour at most, and owners are told."""

from urllib.parse import urlsplit

import pytest
from allauth.mfa.models import Authenticator
from django.conf import settings
from django.core.exceptions import ValidationError
from django.urls import Resolver404, resolve
from django.utils import timezone

from profiles.models import User
from profiles.roles import Role
from profiles.support import changes
from profiles.support.models import Visit
from profiles.testing import PASSWORD, SiteClient, person
from profiles.testing.installed import needs
from tenants.context import public, within
from tenants.models import Tenant
from tests.profiles.support.entering import REASON, consent, console, enter, entries, given, notices
from tests.profiles.two_factor.codes import SECRET


def test_without_consent_no_operator_comes_in(operator, acme):
    assert "does not let support sign in" in operator.get(console(acme)).content.decode()
    operator.post(console(acme), given())
    with within(acme):
        assert not Visit.objects.exists()


def test_the_form_wants_a_member_a_reason_and_at_most_an_hour(operator, acme):
    consent(acme, "on")
    seen = operator.post(console(acme), given("nobody", reason="short", minutes="600")).content.decode()
    assert "at least 10" in seen
    assert "Choose an option from the list" in seen
    assert "No active member" in operator.post(console(acme), given("gone")).content.decode()
    with within(acme), pytest.raises(ValidationError):
        changes.ask(operator=person(acme, "owner"), member=person(acme, "reader"), reason=REASON, minutes=61)


def test_support_sees_what_the_member_sees_under_a_banner_with_the_way_out(visit, acme, staff):
    seen = visit.get("/people/reader/").content.decode()
    assert "You are signed in as Rita Reader, for support." in seen
    assert "Olga Owner" in seen
    assert "for support" in visit.get("/nowhere/").content.decode()
    assert visit.get("/members/invitations/").status_code == 403  # Rita is a reader
    out = visit.post("/support/leave/")["Location"]
    assert out.startswith(f"http://{staff.domain}")
    assert "/account/login/" in visit.get("/")["Location"]
    with within(acme):
        assert Visit.objects.get().state == "over"


@needs("profiles.required_factor")
def test_a_second_factor_that_the_member_lacks_keeps_no_operator_in_or_out(visit, acme, owner, as_user, reader):
    with within(acme):
        Authenticator.objects.create(user=owner, type="totp", data={"secret": SECRET})
    as_user(owner).give_password().post("/settings/two-factor/", {"scope": "all", "grace_days": "0"})
    assert as_user(reader).get("/people/")["Location"] == "/account/2fa/"
    page = visit.get("/people/")
    assert page.status_code == 200
    assert "requires two-factor sign-in" not in page.text
    assert "/console/" in visit.post("/support/leave/")["Location"]


def test_a_link_works_once_and_for_one_visit(operator, acme):
    consent(acme, "on")
    link = urlsplit(operator.post(console(acme), given())["Location"]).path
    assert SiteClient(acme).get(link).status_code == 302
    assert SiteClient(acme).get(link).status_code == 410
    with within(acme):
        pk = Visit.objects.get().pk
    again = urlsplit(operator.post(f"{console(acme)}{pk}/")["Location"]).path
    assert SiteClient(acme).get(again).status_code == 302


def test_another_member_who_is_signed_in_is_not_replaced(operator, acme, as_user, owner):
    consent(acme, "on")
    link = urlsplit(operator.post(console(acme), given())["Location"]).path
    browser = as_user(owner)
    refused = browser.get(link)
    assert refused.status_code == 409
    assert "You are signed in as Olga Owner" in refused.text
    assert browser.get("/settings/").status_code == 200, "The owner is still the owner."
    browser.post("/account/logout/")
    assert browser.get(link)["Location"] == "/"
    assert "for support" in browser.get("/people/").text


@needs("profiles.notices")
def test_both_people_are_in_the_log_and_the_owners_are_told(visit, acme, owner):
    [begun] = entries(acme, "support.begun")
    assert (begun.actor, begun.actor_name, begun.changes["reason"]) == ("operator", "Olga Owner", ["", REASON])
    visit.post("/people/reader/edit/", {"first_name": "Ritu", "last_name": "Reader", "time_zone": "UTC"})
    [changed] = entries(acme, "profile.changed")
    assert (changed.actor, changed.actor_name, changed.via) == ("operator", "Rita Reader", "Olga Owner")
    seen = SiteClient(acme).sign_in(owner).get("/settings/activity/").content.decode()
    assert "signed in as this member: <bdi>Olga Owner</bdi>, support" in seen
    with within(acme):
        assert [notice.to_id for notice in notices().filter(kind="support.begun")] == [owner.pk]


def test_it_is_no_sign_in_of_the_member(acme, operator):
    enter(acme, operator)
    with within(acme):
        rita = User.objects.get(username="reader")
    assert (rita.last_login, rita.last_seen) == (None, None)


CLOSED = [
    *("/account/password/change/", "/account/email/", "/account/2fa/", "/account/2fa/totp/activate/"),
    *("/account/reauthenticate/", "/account/api/", "/account/api/new/", "/settings/api/", "/settings/webhooks/"),
    *("/settings/webhooks/new/", "/settings/export/", "/account/data/", "/settings/delete/", "/leave/"),
    *("/settings/ownership/", "/settings/support/", "/settings/activity/activity.csv", "/people/people.csv"),
    *("/account/username/", "/account/passkeys/", "/settings/two-factor/"),
    *("/settings/single-sign-on/", "/settings/single-sign-on/test/"),
    *("/members/editor/two-factor/reset/", "/admin/", "/members/invitations/many/"),
    *("/members/invitations/many/1/results.csv", "/members/editor/remove/", "/account/sessions/"),
    *("/account/sessions/1/end/", "/account/assistants/", "/account/api/1/renew/", "/settings/api/revoke-all/"),
    *("/settings/webhooks/1/", "/settings/webhooks/1/secret/", "/settings/webhooks/1/messages/1/again/"),
    *("/settings/domains/add/", "/settings/domains/main/", "/settings/domains/1/remove/"),
    *("/settings/joining/", "/settings/joining/link/", "/settings/joining/link/end/"),
    *("/members/bulk/", "/members/bulk/0b0a1de2-6ab1-4a1e-9a57-5a7cbe2b0b8e/undo/"),
    *("/settings/ownership/withdraw/", "/ownership/1/", "/ownership/1/decline/"),
]


def is_there(path: str) -> bool:
    try:
        return bool(resolve(path, settings.ROOT_URLCONF))
    except Resolver404:
        return False


def test_what_support_must_not_do_is_closed_in_words(acme, operator):
    """As the owner, who may do all of it."""
    browser = enter(acme, operator, "owner")
    there = [path for path in CLOSED if is_there(path)]  # of the capabilities that are installed
    assert len(there) > 5
    for path in there:
        for answer in (browser.get(path), browser.post(path)):
            assert (path, answer.status_code) == (path, 403)
            assert "Support cannot do this" in answer.content.decode()


def test_support_makes_no_owner_and_gives_no_password(acme, operator):
    browser = enter(acme, operator, "owner")
    for path, form in {
        "/members/editor/role/": {"role": "owner"},
        "/members/invitations/new/": {"email": "new@acme.example", "role": "owner", "message": ""},
        "/settings/": {"name": "Acme", "slug": "other"},  # asks for the password, which support has not
    }.items():
        answer = browser.post(path, form)
        assert (path, answer.status_code) == (path, 403)
        assert "Support cannot do this" in answer.content.decode()
    assert person(acme, "editor").role == Role.EDITOR
    assert browser.post("/members/editor/role/", {"role": "reader"}).status_code == 302
    assert person(acme, "editor").role == Role.READER


@needs("profiles.notices")
def test_an_owner_is_asked_each_time(operator, acme, owner, editor, as_user):
    consent(acme, "ask")
    assert operator.post(console(acme), given())["Location"] == console(acme)
    with within(acme):
        asked = Visit.objects.get()
        [notice] = notices().filter(kind="support.asked")
    assert notice.to_id == owner.pk
    assert operator.post(f"{console(acme)}{asked.pk}/")["Location"] == console(acme)
    answer = f"/settings/support/{asked.pk}/answer/"
    assert as_user(editor).post(answer, {"answer": "allow"}).status_code == 403
    seen = as_user(owner).get("/settings/support/").content.decode()
    assert REASON in seen
    assert as_user(owner).post(answer, {"answer": "allow"}).status_code == 302
    assert "was answered before" in as_user(owner).post(answer, {"answer": "refuse"}, follow=True).text
    link = urlsplit(operator.post(f"{console(acme)}{asked.pk}/")["Location"]).path
    assert SiteClient(acme).get(link).status_code == 302


def test_consent_needs_the_password(acme, owner, as_user):
    browser = as_user(owner)
    assert "/account/reauthenticate/" in browser.post("/settings/support/", {"access": "on"})["Location"]
    browser.post("/account/reauthenticate/", {"password": PASSWORD})
    browser.post("/settings/support/", {"access": "on"})
    with public():
        assert Tenant.objects.get(pk=acme.pk).support_access == "on"


def test_one_operator_does_not_use_what_another_was_allowed(operator, acme, staff):
    consent(acme, "ask")
    operator.post(console(acme), given())
    with within(acme):
        Visit.objects.update(allowed=timezone.now())
        pk = Visit.objects.get().pk
    other = SiteClient(staff).sign_in(person(staff, "admin"))
    assert other.post(f"{console(acme)}{pk}/").status_code == 404
    assert operator.post(f"{console(acme)}{pk}/").status_code == 302


def test_never_into_the_operators_own_organisation(operator, staff):
    consent(staff, "on")
    assert operator.post(console(staff), given()).status_code == 404
    with within(staff), pytest.raises(ValidationError):
        changes.ask(operator=person(staff, "owner"), member=person(staff, "reader"), reason=REASON, minutes=5)

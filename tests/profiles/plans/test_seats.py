"""Seats: who takes one, who finds none, and what happens after a change to a smaller plan."""

from functools import partial

import pytest
from django.core.exceptions import ValidationError
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from profiles.invitations import changes as invitations
from profiles.members import changes as members
from profiles.members.bulk import reactivate_all
from profiles.models import Invitation, User
from profiles.plans.changes import change_plan
from profiles.roles import Role
from profiles.testing import PASSWORD, SiteClient, needs
from tenants.context import public, within
from tests.profiles.races import at_once

INVITE = "/members/invitations/new/"
NORA = {"email": "nora@new.example", "role": "reader", "message": ""}
TAKEN = "All seats of your organisation are taken: 5 of 5."
NO_SEAT = "Acme has no free seat at the moment."


def invite(tenant, actor, name):
    with within(tenant):
        return invitations.invite(actor=actor, email=f"{name}@new.example", role=Role.READER)


def accept(invitation, name):
    return invitations.accept(token=invitation.token, name=name.title(), username=name, password=PASSWORD)


def test_an_invitation_holds_the_last_seat_until_it_is_revoked_or_expires(acme, admin, as_user, give, mailoutbox):
    give("small")
    browser = as_user(admin)
    assert "4 of 5 seats" in browser.get("/people/").text
    assert browser.post(INVITE, NORA).status_code == 302
    page = browser.post(INVITE, NORA | {"email": "ned@new.example"})
    assert TAKEN in page.text
    assert 'value="ned@new.example"' in page.text
    assert "5 of 5 seats" in browser.get("/people/").text
    with within(acme):
        nora = Invitation.objects.get()
        Invitation.objects.update(expires=timezone.now())
        ned = invite(acme, admin, "ned")
        with pytest.raises(ValidationError, match="All seats"):
            invitations.resend(actor=admin, invitation=nora)
        invitations.revoke(actor=admin, invitation=ned)
        invitations.resend(actor=admin, invitation=nora)
        nora.refresh_from_db()
        assert accept(nora, "nora").is_active  # in the seat that the invitation held


def test_after_a_smaller_plan_everyone_stays_and_no_one_new_comes(acme, owner, reader, admin, as_user, give):
    """Four members and two invitations in five seats: the first who accepts gets the fifth, the second none."""
    give("large")
    nora, ned = invite(acme, admin, "nora"), invite(acme, admin, "ned")
    give("small")
    page = as_user(admin).get("/people/").text
    assert "6 of 5 seats" in page
    assert "All of them keep their access" in page
    assert "Ask an owner to change the plan." in page
    assert as_user(reader).get("/people/").status_code == 200
    visitor = SiteClient(acme)
    answers = {"name": "Nora", "username": "nora", "password": PASSWORD}
    with within(acme):
        paths = [f"/invitations/{each.token}/" for each in (nora, ned)]
    assert visitor.post(paths[0], answers).status_code == 302
    refused = SiteClient(acme).post(paths[1], answers | {"username": "ned"})
    assert NO_SEAT in refused.text
    give("large")
    assert SiteClient(acme).post(paths[1], answers | {"username": "ned"}).status_code == 302
    assert "6 of 50" in as_user(owner).get("/settings/plan/").text


def test_members_are_let_in_again_as_far_as_seats_are_free(acme, admin, gone, give, as_user):
    with within(acme):
        more = [User.objects.create_user(f"more{number}", is_active=False) for number in range(2)]
    give("small", exceptions={"seats": 4})
    page = as_user(admin).post("/members/gone/reactivate/", follow=True)
    assert "All seats of your organisation are taken: 4 of 4." in page.text
    give("small", exceptions={"seats": 6})
    with within(acme):
        outcome = reactivate_all(actor=admin, members=[gone.pk, *(each.pk for each in more)])
        assert (len(outcome.done), outcome.refused["no_seat"]) == (2, [more[1].pk])
        with pytest.raises(ValidationError) as refused:
            members.reactivate(actor=admin, member=more[1])
    assert refused.value.code == "no_seat"


@needs("profiles.bulk_actions")
def test_undo_lets_in_as_many_as_there_are_seats(acme, admin, editor, reader, gone, give):
    """Two are deactivated, one seat is given to Gone, and the plan has five: one of the two comes back."""
    from profiles.bulk_actions.changes import start, undo

    give("small", exceptions={"seats": 5})
    doing = partial(start, actor=admin, list_name="people", values={})
    with within(acme):
        run = doing(action="deactivate", rows=[editor.pk, reader.pk])
        back = doing(action="reactivate", rows=[gone.pk])
        invite(acme, admin, "nora")
        again = undo(run=run)
        assert again is not None
        assert (again.done, again.refused) == ([editor.pk], {"no_seat": [reader.pk]})
        undone = undo(run=back)
        assert undone is not None
        assert undone.done == [gone.pk]
        assert [undo(run=each) for each in (run, back, again, undone)] == [None] * 4, "once, and not back and forth"
        assert set(User.objects.filter(is_active=False)) == {reader, gone}


@needs("profiles.bulk_actions")
def test_a_bulk_action_and_one_by_one_wait_for_seats_in_the_same_order(acme, admin, gone, give):
    """reactivate() locks the organisation, then the members. The other way round, two of them wait for each other."""
    from profiles.bulk_actions.changes import start

    give("small")
    with within(acme), CaptureQueriesContext(connection) as sent:
        start(actor=admin, list_name="deactivated", action="reactivate", rows=[gone.pk], values={})
    locked = [each["sql"].split('FROM "')[1].split('"')[0] for each in sent if " FOR " in each["sql"]]
    assert locked[0] == "tenants_tenant"
    assert "profiles_user" in locked


@needs("profiles.admin")
def test_the_admin_site_finds_no_seat_either(owner, as_user, give):
    give("small", exceptions={"seats": 4})
    page = as_user(owner).give_password().post("/admin/profiles/user/add/", {"username": "nora", "role": "reader"})
    assert "All seats" in page.text


@needs("profiles.api")
def test_a_program_is_told_that_no_seat_is_free(acme, admin, give):
    from profiles.api.changes import Wishes, issue

    give("small", exceptions={"seats": 4})
    with within(acme):
        token = issue(member=admin, wishes=Wishes("Script", ["write"]))[1]
    program = SiteClient(acme, HTTP_AUTHORIZATION=f"Bearer {token}")
    body = {"email": "nora@new.example", "role": "reader"}
    answer = program.post("/api/v1/invitations", body, content_type="application/json")
    assert (answer.status_code, answer.json()["code"]) == (409, "no_seat")
    assert program.post("/api/v1/members/gone/reactivate").json()["code"] == "no_seat"


@needs("profiles.joining")
def test_the_join_link_says_the_same_for_an_address_that_is_known(acme, owner, reader, visitor, give):
    from profiles.joining.links import make_link

    with within(acme):
        link = make_link(actor=owner, role=Role.READER, days=7)
    give("small", exceptions={"seats": 4})
    for email in ("nora@new.example", reader.email):
        assert NO_SEAT in visitor.post(f"/join/{link.nonce}/", {"name": "Nora", "email": email}).text
    with within(acme):
        assert not Invitation.objects.exists()


@needs("profiles.bulk_invitations")
def test_a_list_says_for_whom_no_seat_is_left_and_can_be_corrected(acme, admin, as_user, give, run_jobs):
    give("small", exceptions={"seats": 6})
    browser = as_user(admin)
    people = {"addresses": "ann@new.example, ben@new.example, cy@new.example", "role": "reader"}
    page = browser.post("/members/invitations/many/", people, follow=True)
    assert page.text.count("No seat") == 1
    assert "1 person has no seat" in page.text
    assert "needs a correction" not in page.text
    assert 'value="cy@new.example"' in page.text
    assert "2 people will be invited" in page.text
    give("small", exceptions={"seats": 5})
    where = page.redirect_chain[-1][0]
    browser.post(f"{where}send/")
    run_jobs()
    assert "No seat" in browser.get(where).text
    with within(acme):
        assert list(Invitation.objects.values_list("email", flat=True)) == ["ann@new.example"]


def test_two_who_take_the_last_seat_at_once(new_tenant, settings):
    """With two connections: by accepting, by inviting, and by joining in another way."""
    initech = new_tenant("initech")
    with within(initech):
        owner = User.objects.get()
        first, second = (invitations.invite(actor=owner, email=f"{name}@new.example", role="reader") for name in "ab")
    with public():
        change_plan(initech, plan="small", by="Billing", reason="Paid by card", exceptions={"seats": 2})
    results = at_once(initech, partial(accept, first, "anna"), partial(accept, second, "bert"))
    assert sorted(type(each).__name__ for each in results) == ["User", "ValidationError"]
    with public():
        change_plan(initech, plan="small", by="Billing", reason="Paid by card", exceptions={"seats": 3})
    with within(initech):
        Invitation.objects.open().update(revoked=timezone.now())
    invite_one = partial(invitations.invite, actor=owner, email="c@new.example", role="reader")
    come = transaction.atomic(partial(invitations.join, User(username="dora", email="d@new.example", role="reader")))
    results = at_once(initech, invite_one, come)
    assert [each.code for each in results if isinstance(each, ValidationError)] == ["no_seat"]

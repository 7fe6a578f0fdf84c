"""Handing the ownership over: offered by an owner, accepted by another member, both with their password."""

from functools import partial

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.utils import timezone

from profiles.members import changes as members
from profiles.models import Invitation, User
from profiles.ownership import changes
from profiles.ownership.models import Offer
from profiles.ownership.nightly import end_offers
from profiles.roles import Role
from profiles.testing import PASSWORD
from tenants.context import within
from tests.profiles.races import at_once

URL = "/settings/ownership/"


def roles(tenant, *people):
    with within(tenant):
        return [User.objects.get(pk=person.pk).role for person in people]


def page_of(giver):
    return f"/ownership/{giver.pk}/"


def test_owner_and_editor_exchange_their_roles(acme, owner, editor, as_user, run_jobs, mailoutbox):
    with within(acme):
        for role in (Role.OWNER, Role.READER):
            Invitation.objects.create(email=f"{role}@new.example", role=role, invited_by=owner)
    theirs = as_user(owner)
    asked = theirs.post(URL, {"member": "EDITOR@acme.example"})
    assert asked.url.startswith("/account/reauthenticate/")
    assert "Offer the ownership to Edda Editor" in theirs.get(asked.url).content.decode()
    theirs.post(asked.url, {"password": PASSWORD})  # which does what was asked for
    run_jobs()
    assert (mailoutbox[-1].to, page_of(owner) in mailoutbox[-1].body) == ([editor.email], True)
    assert roles(acme, owner, editor) == ["owner", "editor"]

    own = as_user(editor)
    assert "offers you the ownership" in own.get("/").content.decode()
    assert "gets your present role: Editor" in own.get(page_of(owner)).content.decode()
    asked = own.post(page_of(owner))
    assert asked.url.startswith("/account/reauthenticate/")
    assert roles(acme, owner, editor) == ["owner", "editor"]
    own.post(asked.url, {"password": PASSWORD})
    assert roles(acme, owner, editor) == ["editor", "owner"]
    run_jobs()
    assert mailoutbox[-1].subject == "Edda Editor is an owner of Acme now"
    with within(acme):
        assert [i.role for i in Invitation.objects.open()] == [], "An editor invites no one."
        assert not Offer.objects.exists()
    assert own.get(page_of(owner)).status_code == 404
    assert theirs.get(URL).status_code == 403


def test_other_owners_stay_and_an_owner_has_one_offer(acme, owner, admin, editor, reader):
    with within(acme):
        members.change_role(actor=owner, member=admin, role=Role.OWNER)
        for taker in (reader, editor):
            changes.offer(actor=owner, member=taker)
        with pytest.raises(Offer.DoesNotExist):
            changes.accept(actor=reader, giver=owner.pk)
        changes.accept(actor=editor, giver=owner.pk)
    assert roles(acme, owner, admin, editor, reader) == ["editor", "owner", "owner", "reader"]


@pytest.mark.parametrize("why", ["withdrawn", "declined", "expired", "giver demoted", "giver left", "of another"])
def test_an_offer_that_is_over_is_not_accepted(acme, owner, admin, editor, as_user, why):
    with within(acme):
        members.change_role(actor=owner, member=admin, role=Role.OWNER)
        changes.offer(actor=owner, member=editor)
        if why == "withdrawn":
            changes.withdraw(actor=owner)
        elif why == "declined":
            changes.decline(actor=editor, giver=owner.pk)
        elif why == "expired":
            Offer.objects.update(expires=timezone.now())
        elif why == "giver demoted":
            members.change_role(actor=admin, member=owner, role=Role.ADMIN)
        elif why == "giver left":
            members.deactivate(actor=admin, member=owner)
        giver = admin if why == "of another" else owner
        with pytest.raises(Offer.DoesNotExist):
            changes.accept(actor=editor, giver=giver.pk)
    assert as_user(editor).give_password().post(page_of(giver)).status_code == 404
    assert roles(acme, editor) == ["editor"]
    if why != "of another":
        assert "offers you" not in as_user(editor).get("/").content.decode()


def test_only_owners_offer_and_only_to_active_members_who_are_none(acme, globex, owner, admin, reader, gone, stranger):
    with within(acme):
        for actor in (admin, reader):
            with pytest.raises(PermissionDenied):
                changes.offer(actor=actor, member=reader)
        members.change_role(actor=owner, member=admin, role=Role.OWNER)
        for member in (owner, admin, gone):
            with pytest.raises(ValidationError):
                changes.offer(actor=owner, member=member)
        assert not Offer.objects.exists()
    with within(globex):
        Offer.objects.create(giver_id=owner.pk, taker_id=reader.pk)  # the same keys there
    with within(acme), pytest.raises(Offer.DoesNotExist):
        changes.accept(actor=reader, giver=owner.pk)
    assert roles(acme, reader) == roles(globex, reader) == ["reader"]


@pytest.mark.parametrize("typed", ["nobody", "owner", "admin", "gone", "x" * 255, "nul\0", "' OR 1=1 --", ""])
def test_a_member_who_cannot_become_owner_is_refused_in_the_form(acme, owner, admin, as_user, typed):
    with within(acme):
        members.change_role(actor=owner, member=admin, role=Role.OWNER)
    response = as_user(owner).give_password().post(URL, {"member": typed})
    assert response.context["form"].errors["member"]
    with within(acme):
        assert not Offer.objects.exists()


def test_one_of_two_who_accept_and_withdraw_at_once_does_it_and_an_owner_stays(new_tenant):
    initech = new_tenant("initech")
    with within(initech):
        owner = User.objects.get()
        bob = User.objects.create_user("bob", "bob@initech.example", role=Role.ADMIN)
        changes.offer(actor=owner, member=bob)
        accept = partial(changes.accept, actor=bob, giver=owner.pk)
        leave = partial(members.leave, member=owner)
        results = at_once(initech, accept, accept, partial(changes.withdraw, actor=owner), leave)
        assert not [result for result in results[:2] if result is not None and type(result) is not Offer.DoesNotExist]
        assert User.objects.owners().count() == 1


def test_offers_end_at_night(acme, owner, editor):
    with within(acme):
        changes.offer(actor=owner, member=editor)
        assert end_offers() == 0
        Offer.objects.update(expires=timezone.now())
        assert end_offers() == 1

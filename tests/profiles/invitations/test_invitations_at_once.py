"""Invitations that several send, revoke or accept in the same moment."""

from functools import partial

import pytest
from django.core.exceptions import ValidationError
from django.db import transaction

from profiles.invitations import changes
from profiles.members.changes import change_role
from profiles.models import HandOff, Invitation, OutgoingMail, User
from profiles.roles import Role
from profiles.testing import SiteClient
from tenants.context import within
from tenants.isolation.timeouts import limited
from tests.profiles.races import at_once, meet, overtaken

URL = "/members/invitations/"
INVITE = "/members/invitations/new/"
NORA = {"email": "nora@new.example", "role": "editor", "message": "Come & join us.\n<b>Soon</b>"}
JOINING = {"name": "Nora  New Comer", "username": "nora", "password": "battery horse correct"}


def test_two_who_invite_the_same_person_at_once(new_tenant):
    initech = new_tenant("initech")
    with within(initech):
        actors = [User.objects.get(), User.objects.create_user("adam", role=Role.ADMIN)]
        results = at_once(initech, *(partial(changes.invite, actor=actor, **NORA) for actor in actors))
        [error] = [result for result in results if isinstance(result, ValidationError)]
        assert error.code == "invited"
        assert error.messages[0].startswith("nora@new.example has already been invited.")
        assert Invitation.objects.count() == 1
        assert OutgoingMail.objects.filter(to="nora@new.example").count() == 1


def test_who_invites_can_be_signed_in_elsewhere_meanwhile(new_tenant):
    """Whose role is locked can still be pointed to."""
    initech = new_tenant("initech")
    with within(initech), transaction.atomic():
        owner = User.objects.get()
        changes.invite(actor=owner, **NORA)
        sign_in = limited("request")(partial(HandOff.objects.create, user=owner))
        [hand_off] = at_once(initech, sign_in)
        assert HandOff.objects.contains(hand_off)


def test_invitation_that_another_member_sends_meanwhile_is_an_error_of_the_form(new_tenant):
    initech = new_tenant("initech")
    with within(initech):
        owner = User.objects.get()
    click = partial(SiteClient(initech).sign_in(owner).post, INVITE, NORA)
    response = overtaken(initech, click, by=partial(changes.invite, actor=owner, **NORA))
    assert "has already been invited" in response.context["form"].errors["email"][0]


@pytest.mark.parametrize("action", ["resend", "revoke"])
def test_invitation_that_another_member_revokes_meanwhile_is_said_to_be_closed(new_tenant, action):
    initech = new_tenant("initech")
    with within(initech):
        owner = User.objects.get()
        invitation = changes.invite(actor=owner, **NORA)
    click = partial(SiteClient(initech).sign_in(owner).post, f"{URL}{invitation.pk}/{action}/")
    response = overtaken(initech, click, by=partial(changes.revoke, actor=owner, invitation=invitation))
    assert response.url == URL
    with within(initech):
        assert not Invitation.objects.open().exists()


@pytest.mark.slow
def test_fifty_tries_at_once_make_one_member(new_tenant):
    initech = new_tenant("initech")
    with within(initech):
        invitation = changes.invite(actor=User.objects.get(), email="nora@new.example", role=Role.READER)
        link = f"/invitations/{invitation.token}/"
        forms = [JOINING | {"username": f"nora{number}"} for number in range(50)]
        responses = at_once(initech, *(partial(SiteClient(initech).post, link, form) for form in forms))
        assert sorted(response.status_code for response in responses) == [302] + 49 * [410]
        assert sum("· Initech</title>" in response.content.decode() for response in responses) == 49
        assert User.objects.filter(email="nora@new.example").count() == 1
        assert User.objects.count() == 2
        assert OutgoingMail.objects.filter(subject="Welcome to Initech").count() == 1


def test_two_who_choose_one_user_name_at_once(new_tenant):
    initech = new_tenant("initech")
    with within(initech):
        tokens = [
            changes.invite(actor=User.objects.get(), email=f"{n}@new.example", role=Role.READER).token for n in "ab"
        ]
        results = at_once(initech, *(partial(changes.accept, token=token, **JOINING) for token in tokens))
        [error] = [result for result in results if isinstance(result, ValidationError)]
        assert set(error.message_dict) == {"username"}
        assert Invitation.objects.open().count() == 1


def test_invitation_accepted_while_its_sender_is_demoted_is_revoked(new_tenant):
    initech = new_tenant("initech")
    with within(initech):
        owner, admin = User.objects.get(), User.objects.create_user("adam", role=Role.ADMIN)
        invitation = changes.invite(actor=admin, **NORA)
        join = partial(changes.accept, token=invitation.token, **JOINING)
        demote = partial(change_role, actor=owner, member=admin, role=Role.READER)
        assert isinstance(meet(initech, admin, join, demote), Invitation.DoesNotExist)
        assert not Invitation.objects.open().exists()

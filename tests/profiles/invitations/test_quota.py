"""How many invitations an organisation may send, and what is said instead of one more."""

from datetime import timedelta

import pytest
from allauth.account.models import EmailAddress
from django.core.exceptions import ValidationError
from django.utils import timezone

from profiles.invitations import changes
from profiles.models import Invitation, OutgoingMail
from tenants.context import public, within
from tenants.models import Tenant

URL = "/members/invitations/"
INVITE = "/members/invitations/new/"


def verify(tenant, member, *, is_verified=True):
    with within(tenant):
        EmailAddress.objects.update_or_create(user=member, email=member.email, defaults={"verified": is_verified})


def invite(tenant, actor, number):
    with within(tenant):
        return changes.invite(actor=actor, email=f"new{number}@new.example", role="reader")


def refusal(tenant, actor, number):
    with pytest.raises(ValidationError) as error:
        invite(tenant, actor, number)
    with within(tenant):
        assert not Invitation.objects.filter(email=f"new{number}@new.example").exists()
        assert not OutgoingMail.objects.filter(to=f"new{number}@new.example").exists()
    return error.value


def test_three_until_an_owner_has_proved_their_address(acme, globex, owner, admin, stranger, as_user):
    verify(acme, admin)
    for number in range(3):
        invite(acme, owner, number)
    response = as_user(admin).post(INVITE, {"email": "new3@new.example", "role": "reader"})
    assert "3 invitations can be sent" in response.context["form"].errors["email"][0]
    assert refusal(acme, owner, 3).code == "invite_unverified"
    invite(globex, stranger, 4)
    verify(acme, owner)
    invite(acme, owner, 3)


def test_sending_again_counts_too(acme, owner, as_user):
    for number in range(2):
        invitation = invite(acme, owner, number)
    browser = as_user(owner)
    browser.post(f"{URL}{invitation.pk}/resend/")
    page = browser.post(f"{URL}{invitation.pk}/resend/", follow=True).content.decode()
    assert "3 invitations can be sent" in page
    with within(acme):
        assert OutgoingMail.objects.filter(to=invitation.email).count() == 2
        assert Invitation.objects.get(pk=invitation.pk).is_expired is False


def test_on_its_first_day_an_organisation_sends_some(acme, owner, settings):
    settings.LIMITS = settings.LIMITS | {"invite_first_day": {"organisation": (4, 86_400)}}
    verify(acme, owner)
    for number in range(4):
        invite(acme, owner, number)
    assert refusal(acme, owner, 4).code == "invite_first_day"
    with public():
        Tenant.objects.filter(pk=acme.pk).update(activated=timezone.now() - timedelta(hours=25))
        acme.refresh_from_db()
    invite(acme, owner, 4)


def test_a_mailbox_is_invited_a_few_times_a_day_by_all_organisations_together(acme, globex, owner, stranger, settings):
    assert settings.LIMITS["invite"]["mailbox"] == (5, 86_400)
    for tenant, member in ((acme, owner), (globex, stranger)):
        verify(tenant, member)
    invitation = invite(acme, owner, 1)
    with within(acme):
        for _ in range(3):
            changes.resend(actor=owner, invitation=invitation)
    elsewhere = invite(globex, stranger, 1)
    with within(globex), pytest.raises(ValidationError) as error:
        changes.resend(actor=stranger, invitation=elsewhere)
    assert error.value.code == "invite"
    assert "5 invitations a day at most. Try again in 24 hours." in error.value.messages[0]
    invite(globex, stranger, 2)


def test_subaddresses_of_a_mailbox_count_together(acme, globex, owner, stranger):
    for tenant, member in ((acme, owner), (globex, stranger)):
        verify(tenant, member)
    for number in range(5):
        invite(acme, owner, f"-person+{number}")
    assert refusal(globex, stranger, "-person+6").code == "invite"
    assert refusal(globex, stranger, "-person").code == "invite"


def test_what_is_rolled_back_does_not_count(acme, owner, settings):
    settings.LIMITS = settings.LIMITS | {"invite_unverified": {"organisation": (1, 86_400)}}
    for _ in range(3):
        with within(acme), pytest.raises(ValidationError):
            changes.invite(actor=owner, email="owner@acme.example", role="reader")
    invite(acme, owner, 1)


@pytest.mark.parametrize(("is_verified", "to"), [(True, "owner@acme.example"), (False, None)])
def test_answers_go_to_the_person_who_invites_if_the_address_is_theirs(
    acme, owner, run_jobs, mailoutbox, is_verified, to
):
    verify(acme, owner, is_verified=is_verified)
    invite(acme, owner, 1)
    run_jobs()
    message = mailoutbox[-1].message()
    assert message["Reply-To"] == to
    assert message["Auto-Submitted"] == "auto-generated"


def test_a_message_stands_behind_our_own_words_and_is_said_to_be_theirs(acme, owner, run_jobs, mailoutbox):
    with within(acme):
        changes.invite(actor=owner, email="n@new.example", role="reader", message="Your account is closed.\n\nTenantry")
    run_jobs()
    text, html = mailoutbox[-1].body, mailoutbox[-1].alternatives[0].content
    for part in (text, html):
        ours, apart, theirs = part.partition(
            "Olga Owner (owner@acme.example) wrote this message to you. We have not checked it"
        )
        assert apart
        assert "Accept the invitation" in ours
        assert "Your account is closed." not in ours
        assert "Your account is closed." in theirs
    assert "\n> Your account is closed.\n\n> Tenantry\n" in text

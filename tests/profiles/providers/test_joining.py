"""A provider makes a member only where an invitation or a rule of the organisation lets the person in."""

from typing import Any

import pytest
from django.utils import timezone

from profiles.invitations.changes import invite
from profiles.models import Invitation, User
from profiles.providers.models import Identity
from profiles.testing import needs
from tenants.context import public, within
from tests.profiles.providers.github import address
from tests.profiles.providers.ways import is_in, sign_in

NORA: dict[str, Any] = {"sub": "n1", "email": "nora@new.example", "email_verified": True, "name": "Nora New"}


def nora(tenant: Any) -> User | None:
    with within(tenant):
        return User.objects.filter(email=NORA["email"]).first()


@pytest.fixture
def invited(acme, owner):
    with within(acme):
        return invite(actor=owner, email=NORA["email"], role="editor")


@pytest.mark.slow
def test_a_person_without_an_invitation_stays_out_and_an_invited_one_joins(acme, globex, invited, visitor, oidc):
    oidc.says(person=NORA)
    sign_in(oidc, visitor, "oidc")
    member = nora(acme)
    assert member is not None
    assert is_in(visitor, acme) == str(member.pk)
    assert (member.role, member.name, member.has_usable_password()) == ("editor", "Nora New", False)
    with within(acme):
        assert Invitation.objects.get().accepted
        assert Identity.objects.get().used
    with within(globex):
        assert not User.objects.filter(email=NORA["email"]).exists()


@pytest.mark.parametrize(("said", "joins"), [({}, False), ({"hd": "new.example"}, True)])
def test_google_lets_people_in_only_with_addresses_that_are_theirs_today(acme, invited, visitor, oidc, said, joins):
    oidc.says(person=NORA | said)
    page = sign_in(oidc, visitor, "google")
    assert ("Use the link in the invitation" in page.text) is not joins
    assert (nora(acme) is not None) is joins


def test_no_provider_makes_owners_and_github_uses_up_no_invitation(acme, owner, invited, visitor, github):
    github.server.emails[:] = [address(NORA["email"])]
    assert "Use the link in the invitation; link GitHub afterwards." in sign_in(github, visitor, "github").text
    with within(acme):
        Invitation.objects.update(role="owner")
    assert "You are invited as an owner." in sign_in(github, visitor, "github").text
    assert nora(acme) is None


@needs("profiles.mail_domains")
def test_a_person_of_a_proved_domain_joins_at_once_if_the_owner_says_so(acme, globex, visitor, oidc):
    from profiles.mail_domains.models import MailDomain

    with public():
        domain = MailDomain.objects.create(
            tenant=acme, domain="new.example", proved=timezone.now(), error="", joins="request", role="editor"
        )
    oidc.says(person=NORA)
    assert "You are not a member of" in sign_in(oidc, visitor, "oidc").text
    with public():
        MailDomain.objects.filter(pk=domain.pk).update(joins="at_once")
    assert "You are not a member of" in sign_in(oidc, visitor, "google").text, "It was theirs once."
    sign_in(oidc, visitor, "oidc")
    member = nora(acme)
    assert member is not None
    assert member.role == "editor"
    assert is_in(visitor, acme) == str(member.pk)

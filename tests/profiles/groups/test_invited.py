"""The groups of a file of invitations: checked in the preview, joined when the person accepts."""

from datetime import timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from profiles.groups.models import Group, Membership
from profiles.invitations.changes import accept, invite
from profiles.models import Invitation, User
from profiles.testing import needs
from tenants.context import public, within
from tenants.models import Tenant

FILE = "email,role,groups\nnora@new.example,editor,sales; BERLIN\nned@new.example,,Salles\n"


@pytest.fixture
def sales(acme: Tenant) -> Group:
    with public():
        Tenant.objects.filter(pk=acme.pk).update(activated=timezone.now() - timedelta(days=2))
        acme.refresh_from_db()
    with within(acme):
        Group.objects.create(name="Berlin")
        return Group.objects.create(name="Sales")


def joined(email: str) -> User:
    token = Invitation.objects.get(email=email).token
    return accept(token=token, name="Nora New", username=email.partition("@")[0], password="correct horse battery 9")


def groups_of(member: User) -> set[str]:
    return set(Group.objects.filter(members=member.pk).values_list("name", flat=True))


@needs("profiles.bulk_invitations")
def test_people_of_a_file_are_in_their_groups_when_they_join(
    acme: Tenant, admin: User, sales: Group, as_user: Any, run_jobs: Any
) -> None:
    browser = as_user(admin)
    form = {"file": SimpleUploadedFile("people.csv", FILE.encode()), "role": "reader"}
    page = browser.post("/members/invitations/many/", form, follow=True)
    where, preview = page.redirect_chain[-1][0], page.context["preview"]
    assert [row.line.email for row in preview.new] == ["nora@new.example"]
    assert [str(draft.label) for draft in preview.wrong] == ["A value that is not known here"]
    assert 'name="groups-1" value="Salles"' in page.content.decode()
    browser.post(where, {"lines": "2", "groups-1": "Sales"})
    browser.post(f"{where}send/")
    run_jobs()
    with within(acme):
        Group.objects.filter(name="Berlin").delete()
        assert groups_of(joined("nora@new.example")) == {"Sales"}, "what was deleted meanwhile is left out"
        assert groups_of(joined("ned@new.example")) == {"Sales"}
        assert Membership.objects.count() == 2


@needs("profiles.audit")
def test_the_log_names_who_decided_it(acme: Tenant, admin: User, sales: Group) -> None:
    from profiles.audit.models import Entry

    with within(acme):
        invite(actor=admin, email="nora@new.example", role="reader", added={"groups": [sales.pk], "shoes": 44})
        joined("nora@new.example")
        assert Entry.objects.get(kind="group.member_added").actor_name == admin.name

"""What is done to many members at once keeps every rule that holds for one."""

from collections.abc import Callable
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.files.storage import default_storage
from django.db import connection
from django.test.utils import CaptureQueriesContext

from profiles.members import bulk, changes
from profiles.models import HandOff, Invitation, Profile, Session, User
from profiles.roles import Role
from profiles.testing import needs
from profiles.testing.queries import of_the_core
from tenants.context import within
from tenants.models import Tenant
from tests.profiles.members.working import roles_of, sign_in_by_password


@pytest.fixture
def everyone(acme: Tenant) -> list[int]:
    """All of acme, with a second owner."""
    with within(acme):
        User.objects.create_user("second", role=Role.OWNER)
        return list(User.objects.order_by("pk").values_list("pk", flat=True))


def names_of(outcome: Any, reason: str) -> set[str]:
    return set(User.objects.filter(pk__in=outcome.refused[reason]).values_list("username", flat=True))


def test_owners_and_oneself_are_left_as_they_are(acme: Tenant, owner: User, everyone: list[int]) -> None:
    verbs: list[Callable[..., Any]] = [bulk.deactivate_all, bulk.reactivate_all, bulk.remove_all]
    with within(acme):
        outcome = bulk.change_roles(actor=owner, roles=dict.fromkeys(everyone, "editor"))
        assert names_of(outcome, "owner") == {"second"}
        assert names_of(outcome, "self") == {"owner"}
        assert names_of(outcome, "same_role") == {"editor"}
        for verb in verbs:
            outcome = verb(actor=owner, members=everyone)
            assert names_of(outcome, "owner") == {"second"}
        assert set(User.objects.values_list("username", "role", "is_active")) == {
            ("owner", "owner", True),
            ("second", "owner", True),
        }


def test_no_one_becomes_an_owner(acme: Tenant, owner: User, everyone: list[int]) -> None:
    before = roles_of(acme)
    with within(acme):
        with pytest.raises(PermissionDenied):
            bulk.change_roles(actor=owner, roles=dict.fromkeys(everyone, "owner"))
        with pytest.raises(ValidationError):
            bulk.change_roles(actor=owner, roles=dict.fromkeys(everyone, "emperor"))
    assert roles_of(acme) == before


@pytest.mark.parametrize("username", ["editor", "reader", "gone"])
def test_who_manages_no_members_changes_none(acme: Tenant, everyone: list[int], username: str) -> None:
    """Also where they managed members when the page was opened."""
    with within(acme):
        actor = User.objects.get(username=username)
        for attempt in (
            lambda: bulk.change_roles(actor=actor, roles=dict.fromkeys(everyone, "reader")),
            lambda: bulk.deactivate_all(actor=actor, members=everyone),
            lambda: bulk.reactivate_all(actor=actor, members=everyone),
            lambda: bulk.remove_all(actor=actor, members=everyone),
        ):
            with pytest.raises(PermissionDenied):
                attempt()


def test_deactivation_ends_sessions_links_and_invitations(acme: Tenant, owner: User, admin: User) -> None:
    browser = sign_in_by_password(acme, "admin")
    with within(acme):
        HandOff.objects.create(user=admin)
        invitation = Invitation.objects.create(email="new@acme.example", role="reader", invited_by=admin)
        outcome = bulk.deactivate_all(actor=owner, members=[admin.pk, 999_999])
        assert (outcome.done, outcome.refused["gone"]) == ([admin.pk], [999_999])
        assert not Session.objects.filter(user=admin).exists()
        assert not HandOff.objects.filter(user=admin).exists()
        invitation.refresh_from_db()
        assert invitation.revoked
    assert browser.get("/people/").status_code == 302


def test_demoted_members_lose_the_invitations_they_may_not_send(acme: Tenant, owner: User, admin: User) -> None:
    with within(acme):
        invitation = Invitation.objects.create(email="new@acme.example", role="reader", invited_by=admin)
        outcome = bulk.change_roles(actor=owner, roles={admin.pk: "editor"})
        assert outcome.former == {str(admin.pk): "admin"}
        invitation.refresh_from_db()
        assert invitation.revoked
        assert bulk.change_roles(actor=owner, roles={admin.pk: "admin"}, only="reader").refused["changed"] == [admin.pk]


@needs("profiles.api")
def test_tokens_of_deactivated_and_removed_members_end(acme: Tenant, owner: User, reader: User, editor: User) -> None:
    from profiles.api.changes import Wishes, issue
    from profiles.api.models import Token

    with within(acme):
        for member in (reader, editor):
            issue(member=member, wishes=Wishes("Script", ["read"]))
        bulk.deactivate_all(actor=owner, members=[reader.pk])
        bulk.remove_all(actor=owner, members=[editor.pk])
        bulk.reactivate_all(actor=owner, members=[reader.pk])
        assert not Token.objects.exists(), "A member who is let in again makes new ones."


def test_removal_frees_names_and_deletes_photos(
    acme: Tenant, owner: User, reader: User, editor: User, django_capture_on_commit_callbacks: Any
) -> None:
    photo = "photos/5a7cbe2b-0b8e-4a1e-9a57-0b9a1de26ab1/512.webp"
    with within(acme):
        default_storage.delete(photo)
        default_storage.save(photo, open_file())
        Profile.objects.filter(user=reader).update(photo=photo)
        with django_capture_on_commit_callbacks(execute=True):
            bulk.remove_all(actor=owner, members=[reader.pk, editor.pk])
        assert not default_storage.exists(photo)
        for name in ("reader", "editor"):
            User.objects.create_user(name, f"{name}@acme.example")


def open_file() -> Any:
    from django.core.files.base import ContentFile

    return ContentFile(b"a picture")


def test_five_hundred_roles_take_few_statements_each(acme: Tenant, owner: User) -> None:
    """Of each member: what is saved, what receivers ask, and the entry. The rest does not grow."""
    with within(acme):
        people = User.objects.bulk_create(User(username=f"m{n}") for n in range(60))
        numbers = []
        for some in (people[:10], people[10:]):
            with CaptureQueriesContext(connection) as captured:
                bulk.change_roles(actor=owner, roles={member.pk: "editor" for member in some})
            numbers.append(len(of_the_core(query["sql"] for query in captured)))
    assert numbers[1] - numbers[0] <= 3 * 40


def test_one_and_many_agree_on_the_rules(acme: Tenant, admin: User, everyone: list[int]) -> None:
    """What an admin may not do to one, they may not do to many."""
    with within(acme):
        done = set(bulk.deactivate_all(actor=admin, members=everyone).done)
        User.objects.filter(pk__in=done).update(is_active=True)
        alone = set()
        for member in User.objects.filter(is_active=True):
            try:
                changes.deactivate(actor=admin, member=member)
                alone.add(member.pk)
            except (PermissionDenied, ValidationError):
                pass
        assert done == alone

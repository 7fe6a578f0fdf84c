"""What an entry stores of its event: actor, object, changes, origin; and when none is written."""

import re
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from profiles.audit.models import Entry
from profiles.invitations import changes as invitations
from profiles.mail import refusals
from profiles.members import changes as members
from profiles.models import User
from profiles.testing import PASSWORD, SiteClient, new_organisation, person
from profiles.testing.installed import needs
from tenants.context import within
from tenants.events import Event, emit, happened
from tenants.models import Tenant
from tenants.organisations.suspend import resume, suspend
from tests.profiles.audit.accounts import reset_password
from tests.profiles.audit.scene import Scene, newest


def test_the_first_entry_is_of_the_sign_up(db: None) -> None:
    entry = newest(new_organisation("hooli"), "organisation.created")
    assert (entry.actor_name, entry.about[0]["name"]) == ("Olga Owner", "Olga Owner")


@needs("profiles.api")
def test_all_tokens_revoked_is_one_entry(acme: Tenant) -> None:
    Scene(acme).browser("owner").post("/settings/api/revoke-all/")
    assert newest(acme, "token.all_revoked").actor_name == "Olga Owner"


def test_an_operator_suspends_and_resumes_as_the_system(acme: Tenant) -> None:
    suspend(acme)
    resume(acme)
    entries = [newest(acme, f"organisation.{word}") for word in ("suspended", "resumed")]
    assert {(entry.actor, entry.about[0]["name"]) for entry in entries} == {("system", "Acme")}


def test_a_password_that_was_set_by_a_link_is_written_too(acme: Tenant) -> None:
    reset_password(Scene(acme))
    assert newest(acme, "password.changed").actor_name == "Rita Reader"


def test_an_entry_says_where_a_request_came_from(acme: Tenant) -> None:
    headers = {"REMOTE_ADDR": "192.0.2.7", "HTTP_USER_AGENT": "Firefox", "HTTP_X_REQUEST_ID": "abcdef-12345"}
    SiteClient(acme, **headers).post("/account/login/", {"login": "reader", "password": PASSWORD})
    entry = newest(acme, "session.started")
    assert (entry.address, entry.user_agent, entry.request) == ("192.0.2.7", "Firefox", "abcdef-12345")


@pytest.mark.parametrize("sent", ["short", "x" * 65, "a b c d e f g", "'; DROP TABLE audit_entry"])
def test_an_odd_id_of_a_request_is_not_repeated(acme: Tenant, sent: str) -> None:
    SiteClient(acme, HTTP_X_REQUEST_ID=sent).post("/account/login/", {"login": "reader", "password": PASSWORD})
    assert re.fullmatch(r"[0-9a-f]{32}", newest(acme, "session.started").request)


def test_all_that_one_request_does_has_one_id(acme: Tenant) -> None:
    scene = Scene(acme)
    scene.invitation()
    scene.browser("owner").post("/members/admin/role/", {"role": "reader"})
    role, revoked = newest(acme, "member.role_changed"), newest(acme, "invitation.revoked")
    assert role.request == revoked.request != ""
    assert revoked.actor_name == "Olga Owner"


def test_what_no_request_does_is_the_systems(acme: Tenant) -> None:
    with within(acme):
        refusals.refuse("new@acme.example")
    entry = newest(acme, "mail.refused")
    assert (entry.actor, entry.address, entry.user_agent, entry.request) == ("system", None, "", "")


def test_a_name_stays_as_it_was(acme: Tenant, owner: User, reader: User) -> None:
    with within(acme):
        members.remove(actor=owner, member=reader)
    entry = newest(acme, "member.removed")
    assert entry.about == [{"type": "profiles.user", "id": str(reader.pk), "name": "Rita Reader"}]


def test_what_is_rolled_back_is_not_written(acme: Tenant, owner: User, reader: User) -> None:
    with within(acme):
        before = Entry.objects.count()
        with pytest.raises(ZeroDivisionError), transaction.atomic():
            members.deactivate(actor=owner, member=reader)
            raise ZeroDivisionError
        assert Entry.objects.count() == before


def test_what_is_refused_is_not_written(acme: Tenant, owner: User) -> None:
    with within(acme):
        before = Entry.objects.count()
        with pytest.raises(ValidationError):
            members.leave(member=owner)
        assert Entry.objects.count() == before


def test_nothing_is_done_without_its_entry(acme: Tenant, owner: User, reader: User) -> None:
    """Where it cannot be written, the change is undone."""

    def fail(event: Event, **_kwargs: Any) -> None:
        raise ZeroDivisionError

    happened.connect(fail)
    try:
        with within(acme), pytest.raises(ZeroDivisionError):
            members.deactivate(actor=owner, member=reader)
    finally:
        happened.disconnect(fail)
    assert person(acme, "reader").is_active


def test_a_role_that_stays_is_no_change(acme: Tenant, owner: User, reader: User) -> None:
    with within(acme):
        members.change_role(actor=owner, member=reader, role="reader")
        assert not Entry.objects.filter(kind="member.role_changed").exists()


def test_an_organisation_reads_its_own_entries_only(acme: Tenant, globex: Tenant, owner: User) -> None:
    with within(acme):
        invitations.invite(actor=owner, email="new@acme.example", role="reader")
    with within(globex):
        assert not Entry.objects.filter(kind="invitation.sent").exists()


def test_a_kind_that_no_app_has_registered_is_refused(acme: Tenant, reader: User) -> None:
    with within(acme), pytest.raises(LookupError, match=r"member\.smiled"):
        emit("member.smiled", reader)


def test_an_entry_is_one_statement(acme: Tenant, reader: User) -> None:
    with within(acme), CaptureQueriesContext(connection) as captured:
        emit("session.ended", reader, by=reader)
    assert len([each for each in captured if "audit_entry" in each["sql"]]) == 1

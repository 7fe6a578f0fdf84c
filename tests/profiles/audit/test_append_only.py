"""PostgreSQL refuses an organisation's statements to change or delete an entry; the end of old ones is the owner's."""

from datetime import timedelta
from typing import Any

import pytest
from django.core.management import call_command
from django.db import ProgrammingError, connection, transaction
from django.utils import timezone

from profiles.audit.models import Entry
from profiles.audit.nightly import end_entries
from profiles.models import User
from tenants.context import as_owner, within
from tenants.events import emit
from tenants.models import Tenant
from tenants.schemas.spares import make_spare

STATEMENTS = [
    "UPDATE audit_entry SET actor_name = 'Nobody'",
    "DELETE FROM audit_entry",
    "TRUNCATE audit_entry",
    "DROP TABLE audit_entry",
    "ALTER TABLE audit_entry DISABLE TRIGGER ALL",
    "INSERT INTO audit_entry SELECT * FROM audit_entry ON CONFLICT (id) DO UPDATE SET actor_name = 'Nobody'",
    "MERGE INTO audit_entry USING audit_entry e ON audit_entry.id = e.id WHEN MATCHED THEN DELETE",
    "SELECT * FROM audit_entry FOR UPDATE",
]


def refused(tenant: Tenant, statement: str) -> None:
    with within(tenant), connection.cursor() as cursor:
        refusal = pytest.raises(ProgrammingError, match=r"permission denied|must be owner")
        with refusal, transaction.atomic():
            cursor.execute(statement)


def rights(tenant: Tenant) -> set[str]:
    with within(tenant), connection.cursor() as cursor:
        asked = "SELECT p FROM unnest(%s::text[]) p WHERE has_table_privilege(current_schema() || '.audit_entry', p)"
        cursor.execute(asked, [["SELECT", "INSERT", "UPDATE", "DELETE", "TRUNCATE", "REFERENCES", "TRIGGER"]])
        return {right for (right,) in cursor.fetchall()}


@pytest.fixture
def entry(acme: Tenant, reader: User) -> Entry:
    with within(acme):
        emit("session.started", reader, by=reader)
        return Entry.objects.all()[0]


@pytest.mark.parametrize("statement", STATEMENTS)
def test_an_organisation_only_adds(acme: Tenant, entry: Entry, statement: str) -> None:
    refused(acme, statement)
    with within(acme):
        assert Entry.objects.get(pk=entry.pk).actor_name == "Rita Reader"


def test_an_organisation_grants_itself_nothing(acme: Tenant) -> None:
    with within(acme), connection.cursor() as cursor:
        cursor.execute("GRANT UPDATE, DELETE ON audit_entry TO CURRENT_USER")  # PostgreSQL warns.
    assert rights(acme) == {"SELECT", "INSERT"}


def test_django_is_refused_too(acme: Tenant, entry: Entry) -> None:
    with within(acme):
        for change in (entry.save, entry.delete, Entry.objects.all().delete):
            with pytest.raises(ProgrammingError, match="permission denied"), transaction.atomic():
                change()


@pytest.mark.parametrize("way", ["migrated", "copied", "granted anew"])
def test_the_rights_are_the_same_however_a_schema_was_made(acme: Tenant, way: str) -> None:
    tenant = acme
    if way == "migrated":
        tenant = Tenant.objects.get(state=Tenant.State.TEMPLATE)
    elif way == "copied":
        tenant = make_spare()
    else:
        call_command("grant_roles", verbosity=0)
    assert rights(tenant) == {"SELECT", "INSERT"}


def test_a_restored_schema_is_append_only_again(acme: Tenant) -> None:
    """A dump has no roles: after it is restored, the role has no right at all until `grant_roles`."""
    with within(acme), as_owner(), connection.cursor() as cursor:
        cursor.execute(f'REVOKE ALL ON audit_entry FROM "{acme.schema_name}"')
    call_command("grant_roles", verbosity=0)
    assert rights(acme) == {"SELECT", "INSERT"}


def test_old_entries_end_at_night_as_the_owner(acme: Tenant, entry: Entry, settings) -> None:
    settings.AUDIT_KEPT_DAYS = 30
    with within(acme):
        with as_owner():
            Entry.objects.filter(pk=entry.pk).update(at=timezone.now() - timedelta(days=31))
        emit("session.ended")
        kept = Entry.objects.exclude(pk=entry.pk).count()
        assert end_entries() == 1
        assert Entry.objects.count() == kept
        refused(acme, "DELETE FROM audit_entry")


def of_its_plan(tenant: Tenant) -> int | None:
    return 30 if tenant.slug == "acme" else None


def test_how_long_entries_are_kept_is_said_of_each_organisation(
    acme: Tenant, globex: Tenant, settings: Any, owner: User, as_user: Any
) -> None:
    assert "They are kept for 365 days." in as_user(owner).get("/settings/activity/").text
    settings.AUDIT_KEPT_DAYS_OF = f"{__name__}.of_its_plan"
    assert "They are kept for 30 days." in as_user(owner).get("/settings/activity/").text
    for tenant, left in ((acme, 0), (globex, 1)):
        with within(tenant):
            Entry.objects.create(
                kind="session.started", actor="system", at=timezone.now() - timedelta(31), terms=["old"]
            )
            end_entries()
            assert Entry.objects.having("old").count() == left

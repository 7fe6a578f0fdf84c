"""Each kind of an entry is written, with its facts and without secrets: the stories lie beside this file."""

import pytest
from django.apps import apps
from django.conf import settings

from profiles.testing import PASSWORD
from shared.capabilities.registry import audit_kinds, capabilities
from tenants.context import public
from tenants.models import Tenant
from tests.daily import part_each_day
from tests.profiles.audit.accounts import ACCOUNTS
from tests.profiles.audit.arranged import ARRANGED
from tests.profiles.audit.domains import DOMAINS
from tests.profiles.audit.entries import secrets, written
from tests.profiles.audit.members import MEMBERS
from tests.profiles.audit.programs import PROGRAMS
from tests.profiles.audit.provisioning import PROVISIONING
from tests.profiles.audit.scene import LONGER, Scene, newest
from tests.profiles.audit.signing_in import SIGNING_IN
from tests.profiles.audit.ways_in import WAYS_IN
from tests.profiles.locks import in_order
from tests.profiles.two_factor.codes import SECRET

STORIES = MEMBERS | ACCOUNTS | PROGRAMS | ARRANGED | WAYS_IN | SIGNING_IN | DOMAINS | PROVISIONING
INSTALLED = [kind for kind in STORIES if kind in audit_kinds()]


def limit_seats(tenant: Tenant) -> None:
    """Where seats are limited, who lets people in locks the organisation's row."""
    if apps.is_installed("profiles.plans"):
        with public():
            held = apps.get_model("plans", "HeldPlan")
            held.objects.create(tenant=tenant, plan=settings.DEFAULT_PLAN, exceptions={"seats": 1000})


@pytest.mark.parametrize("kind", part_each_day(INSTALLED))
def test_each_kind_is_written_with_its_facts_and_without_secrets(kind: str, acme: Tenant) -> None:
    story, who, whom, changes = STORIES[kind]
    limit_seats(acme)
    with in_order():
        story(Scene(acme))
    entry = newest(acme, kind)
    if kind == "profile.changed":
        entry.changes.pop("time_zone", None)  # which the form shows as the browser's
    assert (entry.actor_name, entry.about[0]["name"], entry.changes) == (who, whom, changes)
    assert (entry.actor in ("member", "directory")) is bool(who)
    assert (entry.actor == "directory") is (who == "SCIM")
    text = written(acme)
    assert [secret for secret in {PASSWORD, LONGER, SECRET, *secrets(acme)} if secret in text] == []


OF_OPERATORS = {
    "organisation.owners_seen",
    "organisation.signed_out",
    "organisation.password_links",
    "organisation.address_released",
}


def test_every_kind_of_ours_has_a_story() -> None:
    ours = {kind for app in capabilities() if app.name.startswith("profiles") for kind in app.audit_kinds}
    told = {"organisation.created", "token.all_revoked"}  # test_entries.py
    told |= {
        "organisation.sandbox_asked",
        "organisation.restored",
        "organisation.rows_restored",
        "organisation.sandbox_discarded",
        "organisation.sandbox_rows_seen",
    }  # tests/profiles/backups and console_sandboxes
    told |= {"organisation.plan_changed", "organisation.plan_ended"}  # tests/profiles/plans
    assert {kind for kind in ours - set(STORIES) if not is_of_operators(kind)} == told & ours


def is_of_operators(kind: str) -> bool:
    """Is it written when operators are at work? tests/profiles/support/test_every_kind.py has their story."""
    return kind.startswith(("console.", "support.")) or kind in OF_OPERATORS

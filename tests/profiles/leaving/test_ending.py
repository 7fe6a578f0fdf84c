"""When the time is over, the organisation is removed, with a certificate; and not while it is held."""

import json

import pytest
from django.core.management import CommandError

from profiles.leaving import ending
from profiles.leaving.changes import keep
from profiles.leaving.models import Certificate, Departure, Hold
from profiles.models import User
from tenants.context import public, within
from tenants.errors import WrongState
from tenants.models import Tenant
from tenants.organisations import remove
from tests.tenants.commands import run

REASON = "Request of a court, file 12/26"


def state(tenant: Tenant) -> str:
    return Tenant.objects.values_list("state", flat=True).get(pk=tenant.pk)


def test_it_is_removed_when_the_time_is_over(acme, globex, leaving, an_hour_before):
    an_hour_before(-0.1)
    assert state(acme) == "removed"
    with public():
        assert not Departure.objects.filter(tenant=acme).exists()
    with within(globex):
        assert User.objects.count() == 5


def test_certificate_says_what_was_deleted_and_names_no_person(acme, leaving, an_hour_before):
    an_hour_before(-0.1)
    text = run("removal_certificate", acme.schema_name)
    told = json.loads(text)
    assert (told["slug"], told["members"]) == ("acme", 5)
    assert told["asked"] < told["begun"] <= told["done"]
    assert told["tables"] > 15
    assert "owner" not in text.lower()
    assert "Acme" not in text


def test_operators_removal_has_a_certificate_too(acme):
    run("remove_organisation", "acme", interactive=False, release_address=True)
    assert json.loads(run("removal_certificate", acme.schema_name))["asked"] is None
    with pytest.raises(CommandError, match="No organisation 'globex' was removed"):
        run("removal_certificate", "globex")


def test_removal_that_was_killed_goes_on_and_keeps_its_counts(acme, leaving, an_hour_before, monkeypatch):
    with monkeypatch.context() as patch:
        patch.setattr(remove, "delete_files", lambda _tenant: 1 / 0)
        with pytest.raises(ExceptionGroup):
            an_hour_before(-0.1)
    assert state(acme) == "leaving"
    an_hour_before(-0.1)
    assert state(acme) == "removed"
    with public():
        certificate = Certificate.objects.get(schema_name=acme.schema_name)
    assert (certificate.members, certificate.done is not None) == (5, True)


def test_owner_who_keeps_it_in_the_moment_of_its_end_is_too_late(acme, owner, leaving, an_hour_before, monkeypatch):
    """Else an organisation would be removed that is active again."""
    answers = []

    def late(tenant: Tenant) -> None:
        with pytest.raises(WrongState):
            keep(tenant=Tenant.objects.get(pk=tenant.pk), actor=owner.pk)
        answers.append(state(acme))
        remove.remove(tenant)

    monkeypatch.setattr(ending, "remove", late)
    an_hour_before(-0.1)
    assert (answers, state(acme)) == (["leaving"], "removed")


def test_one_that_fails_does_not_keep_the_others(acme, globex, leaving, an_hour_before, monkeypatch):
    with public():
        Tenant.objects.filter(pk=globex.pk).update(state="suspended")
        Departure.objects.create(tenant=globex)
    real = remove.drop_tables

    def fail_in_acme(tenant: Tenant) -> None:
        if tenant == acme:
            raise LookupError("a broken disk")
        real(tenant)

    monkeypatch.setattr(remove, "drop_tables", fail_in_acme)
    with pytest.raises(ExceptionGroup, match="could not be"):
        an_hour_before(-0.1)
    assert [state(acme), state(globex)] == ["leaving", "removed"]


def test_what_is_held_is_not_removed_by_time_nor_by_hand(acme, leaving, an_hour_before):
    assert run("hold_organisation", "acme", reason=REASON) == "acme is held.\n"
    an_hour_before(-0.1)
    with pytest.raises(CommandError, match=r"acme is held since .*file 12/26"):
        run("remove_organisation", "acme", interactive=False)
    assert state(acme) == "suspended"
    with public():
        assert not Certificate.objects.filter(schema_name=acme.schema_name).exists()
    assert "is released" in run("hold_organisation", "acme", release=True)
    an_hour_before(-0.1)
    assert state(acme) == "removed"
    with public():
        assert not Hold.objects.exists()


def test_hold_needs_a_reason_and_an_organisation(acme):
    with pytest.raises(CommandError, match="Say why"):
        run("hold_organisation", "acme", reason="why")
    with pytest.raises(CommandError, match="is not held"):
        run("hold_organisation", "acme", release=True)
    with pytest.raises(CommandError, match="is template, and cannot be held"):
        run("hold_organisation", Tenant.objects.template().schema_name, reason=REASON)
    run("hold_organisation", "acme", reason=REASON)
    assert "held already" in run("hold_organisation", "acme", reason=f"{REASON}, again")

"""What operators do to an organisation: each action, with its reason and its entries in both logs."""

from django.core import mail
from django.utils import timezone

from profiles.models import Session, User
from profiles.roles import Role
from profiles.testing import SiteClient, needs, person
from tenants.context import public, within
from tenants.models import Domain
from tests.profiles.operators.console import REASON, entries, page, state


def test_suspend_and_resume(operator, acme, as_user, reader):
    member = as_user(reader)
    refused = operator.post(page(acme, "suspend"), {"reason": "why", "sentence": ""})
    assert "at least 10" in refused.content.decode()
    assert state(acme).state == "active"
    operator.post(page(acme, "suspend"), {"reason": REASON, "sentence": "Two bills are open."})
    seen = member.get("/")
    assert seen.status_code == 403
    assert "Two bills are open." in seen.content.decode()
    assert REASON not in seen.content.decode()
    assert "Two bills are open." in operator.get(page(acme)).content.decode()
    again = operator.post(page(acme, "suspend"), {"reason": REASON}, follow=True)
    assert "not possible" in again.content.decode()
    operator.post(page(acme, "resume"), {"reason": REASON})
    assert member.get("/").status_code == 200
    assert state(acme).suspension == ""


def test_both_logs_have_what_an_operator_did(operator, acme, staff):
    """The customer's log has the operator's name and no reason, and no member of its own is taken for the operator."""
    operator.post(page(acme, "suspend"), {"reason": REASON, "sentence": ""})
    theirs = entries(acme)[0]
    assert (theirs.kind, theirs.actor, theirs.actor_name) == ("organisation.suspended", "operator", "Olga Owner")
    assert theirs.actor_id is None
    assert REASON not in str(vars(theirs))
    ours = entries(staff)[0]
    assert (ours.kind, ours.actor_id) == ("console.suspend", person(staff, "owner").pk)
    assert ours.changes == {"reason": ["", REASON]}
    assert REASON in operator.get(page(acme)).content.decode()


def test_what_fails_leaves_no_entry(operator, acme, staff):
    before = len(entries(staff))
    answer = operator.post(page(acme, "rename"), {"reason": REASON, "name": "Acme", "slug": "globex"})
    assert "taken" in answer.content.decode()
    assert len(entries(staff)) == before


def test_rename_and_release_the_former_address(operator, acme):
    same = operator.post(page(acme, "rename"), {"reason": REASON, "name": acme.name, "slug": "acme"})
    assert "Nothing was changed" in same.content.decode()
    operator.post(page(acme, "rename"), {"reason": REASON, "name": "Apex", "slug": "apex"})
    assert (state(acme).slug, state(acme).name) == ("apex", "Apex")
    assert entries(acme)[0].changes == {"name": ["Acme", "Apex"], "slug": ["acme", "apex"]}
    operator.post(page(acme, "release"), {"reason": REASON, "domain": "acme.localhost"})
    with public():
        assert not Domain.objects.filter(domain="acme.localhost").exists()


def test_owners_are_looked_up_with_an_entry_in_their_own_log(operator, acme):
    seen = operator.post(page(acme, "owners"), {"reason": REASON})
    assert "owner@acme.example" in seen.content.decode()
    assert "no-store" in seen["Cache-Control"]
    assert entries(acme)[0].kind == "organisation.owners_seen"
    assert "owner@acme.example" not in operator.get(page(acme)).content.decode()


def test_a_new_owner_is_made_after_proof_and_all_owners_are_told(operator, acme, staff, run_jobs):
    given = {"reason": REASON, "member": "nobody", "proof": "Extract of the register, by post"}
    assert "No active member" in operator.post(page(acme, "make_owner"), given).content.decode()
    given["member"] = "editor@acme.example"
    operator.post(page(acme, "make_owner"), given)
    assert person(acme, "editor").role == Role.OWNER
    run_jobs()
    told = {message.to[0]: message.body for message in mail.outbox}
    assert set(told) == {"owner@acme.example", "editor@acme.example"}
    assert "Extract of the register, by post" in told["owner@acme.example"]
    stale = SiteClient(staff).sign_in(person(staff, "admin"))
    assert "/account/reauthenticate/" in stale.post(page(acme, "make_owner"), given)["Location"]


def test_everyone_is_signed_out(operator, acme, as_user, reader):
    member = as_user(reader)
    with within(acme):
        Session.objects.update(user=None)  # also sessions that no list has
    operator.post(page(acme, "sign_out"), {"reason": REASON})
    assert "/account/login/" in member.get("/")["Location"]
    assert operator.get("/").status_code == 200


def test_owners_who_never_signed_in_get_a_link(operator, acme, owner, run_jobs):
    operator.post(page(acme, "password_links"), {"reason": REASON})
    run_jobs()
    assert [message.to for message in mail.outbox] == [["owner@acme.example"]]
    assert "/account/password/reset/" in mail.outbox[0].body
    with within(acme):
        User.objects.update(last_login="2026-11-01T10:00Z")
    assert "has signed in before" in operator.post(page(acme, "password_links"), {"reason": REASON}).content.decode()


def test_nothing_is_done_to_the_operators_own_organisation(operator, staff):
    assert operator.get(page(staff)).context["actions"] == []
    assert "not possible" in operator.post(page(staff, "suspend"), {"reason": REASON}, follow=True).content.decode()
    assert state(staff).state == "active"


@needs("profiles.exports")
@needs("profiles.leaving", "profiles.support", "profiles.required_factor")
def test_operators_do_not_delete_their_own_organisation_nor_choose_what_is_settled_for_it(operator, staff):
    settings = operator.get("/settings/").content.decode()
    for path in ("/settings/delete/", "/settings/support/", "/settings/two-factor/"):
        assert operator.get(path).status_code == 403
        assert operator.post(path, {"confirmation": staff.slug, "slug": staff.slug}).status_code == 403
        assert path not in settings


@needs("profiles.exports")
def test_an_export_goes_to_the_owners_alone(operator, acme, run_jobs):
    operator.post(page(acme, "export"), {"reason": REASON})
    again = operator.post(page(acme, "export"), {"reason": REASON})
    assert "already being made" in again.content.decode()
    run_jobs()
    assert [message.to for message in mail.outbox] == [["owner@acme.example"]]
    [entry] = [each for each in entries(acme) if each.kind == "organisation.exported"]
    assert (entry.actor, entry.actor_name) == ("operator", "Olga Owner")


@needs("profiles.leaving")
def test_the_deletion_is_scheduled_and_cancelled(operator, acme, as_user, reader, run_jobs):
    assert (
        "not possible" in operator.post(page(acme, "cancel_deletion"), {"reason": REASON}, follow=True).content.decode()
    )
    operator.post(page(acme, "schedule_deletion"), {"reason": REASON})
    assert "will be deleted on" in as_user(reader).get("/").content.decode()
    run_jobs()
    assert "going to be deleted by us" in mail.outbox[0].body
    operator.post(page(acme, "cancel_deletion"), {"reason": REASON})
    assert as_user(reader).get("/").status_code == 200
    operator.post(page(acme, "suspend"), {"reason": REASON})
    assert operator.get(page(acme, "cancel_deletion")).status_code == 302  # it is suspended, and not to be deleted


@needs("profiles.leaving")
def test_an_organisation_that_leaves_is_held_released_and_deleted_at_once(operator, acme, run_jobs):
    from profiles.leaving.ending import end_departures

    assert "It is not held" in operator.post(page(acme, "hold"), {"reason": REASON, "hold": "off"}).text
    operator.post(page(acme, "hold"), {"reason": REASON, "hold": "on"})
    operator.post(page(acme, "schedule_deletion"), {"reason": REASON})
    held = operator.post(page(acme, "delete_now"), {"reason": REASON})
    assert "under a legal hold" in held.text
    operator.post(page(acme, "hold"), {"reason": REASON, "hold": "off"})
    operator.post(page(acme, "delete_now"), {"reason": REASON})
    run_jobs()
    assert len(mail.outbox) == 2, "When it was scheduled, and now."
    assert state(acme).departure.due <= timezone.now()
    operator.post(page(acme, "hold"), {"reason": REASON, "hold": "on"})
    end_departures()
    assert state(acme).state == "suspended", "A hold that comes in the last hour is in time."

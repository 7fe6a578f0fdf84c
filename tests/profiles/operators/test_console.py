"""The console: what operators see of organisations, and what they do to them."""

import csv

import pytest
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.core import mail
from django.core.management import CommandError, call_command
from django.db import IntegrityError, connection, transaction
from django.urls import reverse

from profiles.audit.models import Entry
from profiles.mail import outbox
from profiles.models import OutgoingMail, User
from profiles.operators import census, queue
from profiles.operators.models import Census
from profiles.roles import Role
from profiles.testing import SiteClient, needs, person
from tenants.context import as_owner, public, within
from tenants.limits.counting import Rate, take
from tenants.models import Domain, Tenant
from tenants.schemas.spares import make_spare
from tenants.signals import removal_is_done

REASON = "They asked us by phone"


def page(tenant: Tenant, action: str = "") -> str:
    return f"/console/organisations/{tenant.pk}/{f'actions/{action}/' if action else ''}"


def state(tenant: Tenant) -> Tenant:
    with public():
        return Tenant.objects.get(pk=tenant.pk)


def entries(tenant: Tenant) -> list[Entry]:
    with within(tenant):
        return list(Entry.objects.all())


# --- Operators ------------------------------------------------------------------------------------------------------


def test_the_first_operator_makes_the_organisation_and_the_next_one_joins_it(run_jobs):
    make_spare()
    told = call_command("make_operator", "Vera@vendor.example")
    staff = Tenant.objects.get(is_operators=True)
    assert (staff.slug, staff.state) == ("staff", "active")
    call_command("make_operator", "otto@vendor.example")
    with within(staff):
        found = {user.email: user.role for user in User.objects.all()}
    assert found == {"vera@vendor.example": Role.OWNER, "otto@vendor.example": Role.OWNER}
    run_jobs()
    assert [sent.to for sent in mail.outbox] == [["vera@vendor.example"], ["otto@vendor.example"]]
    assert all("Confirm your email address" in sent.subject for sent in mail.outbox)
    browser = SiteClient(staff)
    assert browser.get("/" + told.split("/", 3)[3].strip()).status_code == 302  # signs Vera in
    assert browser.get("/console/")["Location"] == "/account/2fa/"  # who has no second factor yet
    with pytest.raises(CommandError, match="no email address"):
        call_command("make_operator", "vera")


def test_there_is_one_organisation_of_operators(staff, acme):
    with pytest.raises(IntegrityError), public(), transaction.atomic():
        Tenant.objects.filter(pk=acme.pk).update(is_operators=True)


def test_an_operator_without_a_second_factor_sees_nothing_but_the_way_to_it(staff):
    reader = person(staff, "reader")
    with within(staff):
        Authenticator.objects.filter(user=reader).delete()
    browser = SiteClient(staff).sign_in(reader)
    for path in ("/", "/people/", "/console/"):
        assert browser.get(path)["Location"] == "/account/2fa/"
    assert browser.get("/account/2fa/").status_code == 200
    for picture in (reverse("look_icon", args=["#2456b8"]), "/people/reader/initials.svg"):
        assert browser.get(picture).status_code == 200
    assert "Turn it on to continue" not in browser.get("/account/2fa/").text


def test_members_of_other_organisations_have_no_console(acme, staff, as_user, owner):
    assert "/console/" not in as_user(owner).get("/").content.decode()


# --- Census and list ------------------------------------------------------------------------------------------------


def test_the_census_counts_each_organisation_and_names_no_one(acme, globex, owner):
    with within(acme):
        User.objects.filter(pk=owner.pk).update(last_seen="2026-11-01T10:00Z")
    with public(), connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO procrastinate_jobs (queue_name, task_name, args, status) VALUES "
            "('mail', 'profiles.deliver', %s, 'failed')",
            [f'{{"schema_name": "{acme.schema_name}"}}'],
        )
    assert census.take() == 2
    assert census.take() == 2  # again, in place of the first
    with public():
        counted = Census.objects.get(tenant=acme)
        assert Census.objects.get(tenant=globex).failed_jobs == 0
    assert (counted.members, counted.owners, counted.failed_jobs) == (4, 1, 1)
    assert str(counted.last_seen) == "2026-11-01 10:00:00+00:00"
    assert counted.schema_bytes > 500_000
    text = str(Census.objects.filter(pk=counted.pk).values().get())
    assert not [word for word in ("Olga", "owner@", "Rita") if word in text]


def test_an_organisation_that_cannot_be_counted_does_not_stop_the_census(acme, globex):
    with within(acme), as_owner(), connection.cursor() as cursor:
        cursor.execute("ALTER TABLE profiles_user RENAME TO lost")
    assert census.take() == 1


def test_the_list_is_searched_filtered_sorted_and_taken_along(operator, acme, staff):
    census.take()
    with public():
        Census.objects.filter(tenant=acme).update(owners=0, members=70)
        Domain.objects.create(tenant=acme, domain="people.acme.example", is_primary=False)
    found = lambda query: [row.slug for row in operator.get(f"/console/organisations/?{query}").context["page"].rows]  # noqa: E731
    assert found("") == ["acme", "globex"]
    assert found("sort=-slug") == ["globex", "acme"]
    assert found("sort=-members") == ["acme", "globex"]
    assert found("q=people.acme") == ["acme"]
    assert found("q=%00") == ["acme", "globex"]
    assert found("show=ownerless") == ["acme"]
    assert found("show=suspended") == []
    assert found("show=behind") == []
    with public():
        Tenant.objects.filter(pk=acme.pk).update(fingerprint="old")
    assert found("show=behind") == ["acme"]
    assert found("show=nonsense&sort=nonsense") == ["acme", "globex"]
    file = b"".join(operator.get("/console/organisations.csv?q=acme")).decode("utf-8-sig")
    [line] = csv.DictReader(file.splitlines())
    assert (line["slug"], line["members"], line["up_to_date"]) == ("acme", "70", "no")


# --- Actions --------------------------------------------------------------------------------------------------------


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
        UserSession.objects.all().delete()  # also sessions that no list has
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


# --- Jobs -----------------------------------------------------------------------------------------------------------


def job(tenant: Tenant, status: str, lock: str | None = None) -> int:
    with public(), connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO procrastinate_jobs (queue_name, task_name, args, status, queueing_lock) VALUES "
            "('mail', 'profiles.deliver', %s, %s, %s) RETURNING id",
            [f'{{"schema_name": "{tenant.schema_name}"}}', status, lock],
        )
        return cursor.fetchone()[0]


def status_of(pk: int) -> str:
    with public(), connection.cursor() as cursor:
        cursor.execute("SELECT status FROM procrastinate_jobs WHERE id = %s", [pk])
        return cursor.fetchone()[0]


def test_jobs_are_retried_and_cancelled_one_or_all(operator, acme, staff):
    failed, other, stalled, waits = (job(acme, each) for each in ("failed", "failed", "doing", "todo"))
    seen = operator.get("/console/jobs/")
    assert [(each["failed"], each["stalled"], each["waiting"]) for each in seen.context["kinds"]] == [(2, 1, 1)]
    assert "Acme" in seen.content.decode()
    operator.post("/console/jobs/retry/", {"pk": failed})
    assert (status_of(failed), status_of(other)) == ("todo", "failed")
    operator.post("/console/jobs/retry/", {"task": "profiles.deliver"})
    assert (status_of(other), status_of(stalled)) == ("todo", "todo")
    asked = operator.get("/console/jobs/cancel/?task=profiles.deliver&status=todo")
    assert "Cancel 4 jobs of the kind profiles.deliver?" in asked.content.decode()
    assert status_of(waits) == "todo"
    operator.post("/console/jobs/cancel/", {"task": "profiles.deliver", "status": "todo"})
    assert {status_of(each) for each in (failed, other, stalled, waits)} == {"cancelled"}
    assert entries(staff)[0].changes["job"] == ["", "profiles.deliver"]
    assert operator.post("/console/jobs/retry/", {}).status_code == 404
    assert operator.post("/console/jobs/explode/", {"pk": failed}).status_code == 404
    assert operator.get("/console/jobs/cancel/").status_code == 404


def test_a_job_that_has_ended_meanwhile_is_not_retried(operator, acme):
    assert not queue.retried(job(acme, "succeeded"))
    assert queue.retried(job(acme, "failed"))


def test_a_failed_job_stays_where_another_does_its_work(operator, acme):
    failed, _waits = job(acme, "failed", "once"), job(acme, "todo", "once")
    operator.post("/console/jobs/retry/", {"task": "profiles.deliver"})
    assert status_of(failed) == "failed"


def test_health_says_what_is_missing(operator):
    seen = operator.get("/console/health/").content.decode()
    assert "no worker" in seen
    assert "at the state of this code" in seen


def test_health_says_which_releases_run_and_whether_mail_can_be_sent(operator, settings):
    worker = (
        "WITH worker AS (INSERT INTO procrastinate_workers DEFAULT VALUES RETURNING id)"
        " INSERT INTO tenants_worker SELECT id, '{mail}', %s FROM worker"
    )
    with public(), connection.cursor() as cursor:
        for release in (settings.RELEASE, "older"):
            cursor.execute(worker, [release])
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT, settings.EMAIL_HOST_PASSWORD = "127.0.0.1", 9, "hunter2"
    seen = operator.get("/console/health/")
    assert [each["is_same"] for each in seen.context["workers"]] == [True, False]
    assert "Another release" in seen.content.decode()
    [server] = [each for each in seen.context["findings"] if each.what == "mail server"]
    assert (server.is_well, server.words) == (False, "127.0.0.1:9: ConnectionRefusedError")
    assert "hunter2" not in seen.content.decode()


def test_health_says_which_organisations_have_reached_a_limit(operator, acme, settings):
    assert "No organisation has reached a limit" in operator.get("/console/health/").content.decode()
    rate = Rate(*settings.LIMITS["rename"]["organisation"])
    for _ in range(rate.amount):
        take("rename", rate, acme.schema_name)
    [(tenant, names)] = operator.get("/console/health/").context["throttled"]
    assert (tenant, names) == (acme, ["rename"])
    assert operator.get(page(acme)).context["throttled"] == ["rename"]


def test_an_organisation_page_counts_its_mail_and_shows_none_of_it(operator, acme):
    with within(acme):
        outbox.queue(to="rita@place.example", subject="Secret plan", text="Text")
        OutgoingMail.objects.create(to="gone@place.example", subject="Secret plan", text="Given up")
    seen = operator.get(page(acme))
    counted = seen.context["mail"]
    assert (counted.statuses, counted.kept, counted.unsent) == ({"todo": 1}, 2, 1)
    assert not [word for word in ("place.example", "Secret plan") if word in seen.content.decode()]


# --- Endings --------------------------------------------------------------------------------------------------------


def test_figures_go_with_the_organisation(acme):
    census.take()
    removal_is_done.send(sender=Tenant, tenant=acme)
    with public():
        assert set(Census.objects.values_list("tenant__slug", flat=True)) == {"globex"}

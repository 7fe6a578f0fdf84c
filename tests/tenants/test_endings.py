"""Nightly deletion: there is a decision for each table, and expired rows are deleted the next night."""

from datetime import timedelta

import pytest
from allauth.account.models import EmailAddress, EmailConfirmation
from django.apps import apps
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from procrastinate.contrib.django.models import ProcrastinateJob

from config.product import ADDED
from profiles.invitations.changes import invite, revoke
from profiles.models import HandOff, Invitation, OutgoingMail, Session
from tenants import cleaning
from tenants.cleaning import clean_up, clean_up_everywhere, delete_in_batches, end_jobs
from tenants.context import public, within
from tenants.limits import counting
from tenants.limits.counting import Rate
from tenants.limits.models import Limit
from tenants.models import Domain
from tenants.organisations.rename import rename
from tenants.organisations.sign_up import check_slug
from tests.tenants import jobs

NEVER = "as long as the organisation"
MEMBER = "with its member"
NIGHTLY = "at night, tested below"
ENDS = {
    "account.EmailAddress": f"{MEMBER}; one that was never proved {NIGHTLY}",
    "account.EmailConfirmation": NIGHTLY,
    "admin.LogEntry": "at night, tested in tests/profiles/admin",
    "announcements.Announcement": "a year after it is over, with the next one, tested in tests/profiles/announcements",
    "audit.Entry": "at night, tested in tests/profiles/audit",
    "auth.Group": NEVER,
    "auth.Group_permissions": NEVER,
    "auth.Permission": NEVER,
    "bulk_actions.Run": "at night, tested in tests/profiles/bulk_actions",
    "contenttypes.ContentType": NEVER,
    "backups.Backup": "after BACKUP_KEPT_DAYS, tested in tests/profiles/backups",
    "backups.Sandbox": "when the sandbox is discarded, tested there too",
    "backups.Vault": "with the organisation, tested there too",
    "costs.Usage": "two years later, tested in tests/tenants/costs",
    "groups.Group": "when it is deleted",
    "groups.Membership": MEMBER,
    "leaving.Certificate": "never: it says what was deleted",
    "leaving.Departure": "when the organisation is kept, or removed",
    "leaving.Hold": "when an operator releases it",
    "plans.HeldPlan": "when the organisation is removed, tested in tests/profiles/plans",
    "own_domains.OwnDomain": "when an owner or the organisation is removed, tested in tests/profiles/own_domains",
    "mail_domains.MailDomain": "when an owner or the organisation is removed, tested in tests/profiles/mail_domains",
    "files.File": "with the file, tested in tests/tenants/files",
    "finding.Request": "when its mail is sent, or an hour later, tested in tests/profiles/finding",
    "mfa.Authenticator": MEMBER,
    "notices.Notice": f"{MEMBER}, or at night, tested in tests/profiles/notices",
    "notices.Preference": MEMBER,
    "operators.Census": "when the organisation is removed",
    "procrastinate.ProcrastinateEvent": "with its job",
    "procrastinate.ProcrastinateJob": NIGHTLY,
    "procrastinate.ProcrastinatePeriodicDefer": "when procrastinate defers the next one",
    "procrastinate.ProcrastinateWorker": "when procrastinate hears nothing of it",
    "profiles.HandOff": NIGHTLY,
    "profiles.Invitation": NIGHTLY,
    "profiles.OutgoingMail": NIGHTLY,
    "profiles.Profile": MEMBER,
    "profiles.ProfileUserObjectPermission": MEMBER,
    "profiles.Refusal": NEVER,
    "profiles.Session": NIGHTLY,
    "profiles.User": "when a member leaves or is removed",
    "profiles.User_groups": MEMBER,
    "profiles.User_user_permissions": MEMBER,
    "support.Visit": f"{MEMBER}, or at night, tested in tests/profiles/support",
    "tenants.Domain": "when FORMER_ADDRESSES later ones have come, tested below",
    "tenants.Done": "an hour later, tested in tests/tenants/once",
    "tenants.Limit": "within ten minutes of counting no more, tested below",
    "tenants.Tenant": "never: a removed organisation's row keeps its address from others",
    "api.Answer": NIGHTLY,
    "api.Token": NIGHTLY,
    "api.TokenPolicy": NEVER,
    "webhooks.Delivery": "at night, tested in tests/profiles/webhooks",
    "webhooks.Endpoint": "when an owner or admin removes it",
    "bulk_invitations.Batch": "at night, tested in tests/profiles/bulk_invitations",
    "joining.Applicant": "at night, tested in tests/profiles/joining",
    "joining.Joining": NEVER,
    "custom_fields.Field": "a month after an owner or admin has deleted it, tested in tests/profiles/custom_fields",
    "custom_fields.Values": MEMBER,
    "ownership.Offer": "at night, tested in tests/profiles/ownership",
    "returning.Former": "at night, tested in tests/profiles/returning",
    "required_factor.Requirement": "when an owner lifts it, tested in tests/profiles/required_factor",
    "mail_codes.MailCode": "at night, tested in tests/profiles/mail_codes",
    "own_sign_in.Identity": f"{MEMBER}, or when an owner enters another issuer or removes the provider",
    "own_sign_in.Provider": "when an owner removes it, tested in tests/profiles/own_sign_in",
    "providers.Identity": f"{MEMBER}, or when the member unlinks it, tested in tests/profiles/providers",
    "scim.Account": f"{MEMBER}, or when an owner removes provisioning",
    "scim.Directory": "when an owner removes it, tested in tests/profiles/scim",
    "scim_groups.Link": "with its group",
    "renaming.FormerName": "at night, tested in tests/profiles/renaming",
    "welcome.Welcome": NEVER,
}
UNDECIDED = (
    "Rows of {} have no end. Say in ENDS here when they go; if it is at night, register a function with @nightly "
    "(tenants/cleaning.py), and add a line to docs/operations.md."
)
LONG_AGO = timedelta(days=1000)


def test_every_table_is_decided_about():
    models = {model._meta.label for model in apps.get_models(include_auto_created=True) if model._meta.managed}
    elsewhere = ("receivers.", *(f"{name.rpartition('.')[2]}." for name in ADDED))  # A product's own apps decide too.
    undecided = {label for label in models if label not in ENDS and not label.startswith(elsewhere)}
    assert not undecided, UNDECIDED.format(", ".join(sorted(undecided)))


def age(rows, **columns) -> None:
    """Make rows that old."""
    rows.update(**{name: timezone.now() - ago for name, ago in columns.items()})


def test_sessions_that_are_over_go(acme, as_user, reader, editor):
    as_user(reader).get("/")
    alive = as_user(editor).get("/").wsgi_request.session.session_key
    with within(acme):
        age(Session.objects.exclude(session_key=alive), expire_date=timedelta(days=100))
        clean_up()
        assert [session.session_key for session in Session.objects.all()] == [alive]


def test_dead_links_and_what_they_would_have_proved_go(acme, owner, reader):
    with within(acme):
        present = EmailAddress.objects.get(user=owner)
        EmailConfirmation.objects.all().delete()
        for user, days in ((owner, 4), (reader, 2)):
            pending = EmailAddress.objects.create(user=user, email=f"{user.username}@new.example")
            key = EmailConfirmation.create(pending).key
            age(EmailConfirmation.objects.filter(key=key), created=timedelta(days=days))
        clean_up()
        assert set(EmailAddress.objects.values_list("email", flat=True)) == {present.email, "reader@new.example"}
        assert EmailConfirmation.objects.get().email_address.user == reader


def test_invitations_are_forgotten(acme, owner):
    with within(acme):
        EmailAddress.objects.filter(user=owner).update(verified=True)
        made = {
            name: invite(actor=owner, email=f"{name}@x.example", role="reader") for name in ("a", "b", "c", "d", "e")
        }
        revoke(actor=owner, invitation=made["a"])
        revoke(actor=owner, invitation=made["b"])
        rows = Invitation.objects
        age(rows.filter(pk=made["a"].pk), revoked=timedelta(days=91))
        age(rows.filter(pk=made["b"].pk), revoked=timedelta(days=89))
        age(rows.filter(pk=made["c"].pk), expires=timedelta(days=91))
        age(rows.filter(pk=made["d"].pk), accepted=timedelta(days=91))
        clean_up()
        assert {each.email for each in rows.all()} == {"b@x.example", "e@x.example"}


def test_unused_hand_offs_go(acme, owner):
    with within(acme):
        HandOff.objects.create(user=owner)
        age(HandOff.objects.all(), created=timedelta(minutes=2))
        clean_up()
        assert not HandOff.objects.exists()


@pytest.mark.parametrize("status", ["failed", "cancelled", "aborted", "succeeded"])
def test_jobs_that_came_to_an_end_go(acme, status):
    with within(acme):
        old, new, waiting = (jobs.greet.defer(pk=number) for number in range(3))
    with public(), connection.cursor() as cursor:
        ProcrastinateJob.objects.filter(pk__in=[old, new]).update(status=status)
        cursor.execute("UPDATE procrastinate_events SET at = now() - interval '31 days' WHERE job_id <> %s", [new])
        clean_up_everywhere()
        assert not ProcrastinateJob.objects.filter(pk=old).exists()
        assert ProcrastinateJob.objects.filter(pk__in=[new, waiting]).count() == 2


def test_jobs_and_counts_go_in_batches(acme, monkeypatch):
    monkeypatch.setattr(counting, "BATCH", 2)
    monkeypatch.setattr(cleaning, "OLD_JOBS", cleaning.OLD_JOBS.replace("LIMIT 1000", "LIMIT 2"))
    with within(acme):
        for number in range(5):
            jobs.greet.defer(pk=number)
            counting.take("visit", Rate(1, 60), str(number))
    with public(), connection.cursor() as cursor:
        ProcrastinateJob.objects.filter(status="todo").update(status="failed")
        cursor.execute("UPDATE procrastinate_events SET at = now() - interval '31 days'")
        age(Limit.objects.all(), expires=timedelta(seconds=1))
        assert (end_jobs(), counting.sweep()) == (5, 5)
        assert not Limit.objects.exists()


def test_rows_go_in_batches(acme, monkeypatch):
    monkeypatch.setattr(cleaning, "BATCH", 2)
    with within(acme):
        OutgoingMail.objects.bulk_create(OutgoingMail(to="a@x.example", subject=str(n), text="") for n in range(5))
        rows = OutgoingMail.objects.filter(subject__in=["0", "1", "2", "3"])
        with CaptureQueriesContext(connection) as queries:
            assert delete_in_batches(rows) == 4
        assert len([query for query in queries if query["sql"].startswith("DELETE")]) == 2
        assert [mail.subject for mail in OutgoingMail.objects.filter(to="a@x.example")] == ["4"]


def test_a_night_with_nothing_to_do_costs_few_statements(acme):
    with within(acme):
        clean_up()
        with CaptureQueriesContext(connection) as queries:
            clean_up()
    statements = [query["sql"] for query in queries if query["sql"].startswith(("SELECT", "DELETE", "UPDATE"))]
    assert len([sql for sql in statements if "set_config" not in sql]) <= 27, statements


def test_an_organisation_holds_its_last_few_names(acme, globex, settings):
    settings.FORMER_ADDRESSES = 2
    Domain.objects.create(tenant=acme, domain="rockets.example", is_primary=False)
    for slug in ("apex", "summit", "acme", "peak"):
        rename(acme, slug=slug)
    held = set(Domain.objects.filter(tenant=acme).values_list("domain", flat=True))
    assert held == {"summit.localhost", "acme.localhost", "peak.localhost", "rockets.example"}
    check_slug("apex", by_other_than=globex)
    rename(globex, slug="apex")

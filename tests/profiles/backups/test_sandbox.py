"""A sandbox is for its owners, says what it is, and nothing leaves it."""

import pytest
from django.apps import apps
from procrastinate.contrib.django.models import ProcrastinateJob

from profiles.backups.models import Sandbox
from profiles.exports.comparing import differences, of_organisation
from profiles.mail.delivery import deliver
from profiles.mail.outbox import queue
from profiles.models import OutgoingMail, User
from profiles.testing import SiteClient, needs, person
from tenants.cleaning import clean_up_everywhere
from tenants.context import public, within
from tenants.errors import TenantIsSandbox
from tenants.models import Tenant
from tenants.organisations.remove import remove
from tenants.tasks import workable
from tests.tenants.commands import run


@pytest.fixture
def sandbox(initech) -> Tenant:
    """Of today's state."""
    run("restore_organisation", "initech")
    return Tenant.objects.get(slug="initech-sandbox")


def jobs_of(tenant: Tenant) -> int:
    with public():
        return (
            ProcrastinateJob.objects.filter(args__schema_name=tenant.schema_name)
            .exclude(task_name="profiles.forget_imported_files")
            .count()
        )


@pytest.mark.slow
def test_it_is_the_same_until_one_changes(initech, sandbox):
    assert list(differences(of_organisation(initech), of_organisation(sandbox))) == []
    assert run("compare_organisations", "initech", "initech-sandbox")
    assert "are the same" in run("restore_organisation", "initech", compare=True)


def test_owner_sees_what_it_is_and_others_do_not_get_in(initech, sandbox):
    browser = SiteClient(sandbox)
    answer = browser.post("/account/login/", {"login": "owner", "password": "correct horse battery"})
    assert (answer.status_code, answer["Location"]) == (302, "/")
    for page in ("/", "/people/", "/settings/"):
        text = browser.get(page).content.decode()
        assert "This is a sandbox: a copy of Initech" in text
        assert 'href="http://initech.localhost' in text
    assert "This is a sandbox" not in SiteClient(initech).sign_in(person(initech, "owner")).get("/").content.decode()

    for username in ("admin", "reader"):
        answer = SiteClient(sandbox).sign_in(person(sandbox, username)).get("/people/")
        assert answer.status_code == 403
        assert "Only owners can open it" in answer.content.decode()
        assert "Edda" not in answer.content.decode()
    visitor = SiteClient(sandbox)
    assert visitor.get("/people/")["Location"].startswith("/account/login/")
    assert visitor.get("/account/password/reset/").status_code == 403
    if apps.is_installed("profiles.two_factor"):  # Who has not given a password yet is sent to that.
        assert visitor.get("/account/2fa/authenticate/")["Location"].startswith("/account/login/")
    signing_in = visitor.get("/account/login/").text
    assert "with the password that they had" in signing_in
    for way in ("/account/code/", "/account/password/reset/", "Email me a code", "by invitation only", "passkey"):
        assert way not in signing_in, f"{way} leads to a mail that is never sent, or to a page that is closed here."


@pytest.mark.slow
def test_no_mail_and_no_job_leaves_it(sandbox, mailoutbox):
    before = jobs_of(sandbox)
    with within(sandbox):
        queue(to="reader@initech.example", subject="Hello", text="Hello")
        deliver(pk=OutgoingMail.objects.latest("pk").pk)
    clean_up_everywhere.func()
    assert (jobs_of(sandbox), mailoutbox) == (before, [])
    assert not Tenant.objects.active().filter(pk=sandbox.pk).exists(), "What goes through all organisations skips it."
    with pytest.raises(TenantIsSandbox):
        workable(sandbox.schema_name)


@pytest.mark.slow
def test_taking_over_twice_changes_nothing(initech):
    browser = SiteClient(initech).sign_in(person(initech, "owner"))
    assert browser.get("/people/").status_code == 200
    run("restore_organisation", "initech")
    with within(initech):
        User.objects.filter(username="reader").update(first_name="Later")
        deliver.defer(pk=1)
    run("restore_organisation", "initech", take_over=True)
    assert person(Tenant.objects.get(slug="initech"), "reader").first_name == "Rita"
    assert browser.get("/people/")["Location"].startswith("/account/login/"), "Sessions of then are over."
    assert person(Tenant.objects.get(slug="initech-sandbox"), "reader").first_name == "Later"
    assert jobs_of(initech) == 0, "They are about rows that are in the sandbox now."
    run("restore_organisation", "initech-sandbox", take_over=True)
    back = Tenant.objects.get(slug="initech")
    assert back.schema_name == initech.schema_name
    assert person(back, "reader").first_name == "Later"


@pytest.mark.slow
@needs("profiles.audit")
def test_owners_read_what_operators_did(initech, sandbox):
    run("restore_organisation", "initech", take_over=True)
    browser = SiteClient(Tenant.objects.get(slug="initech"))
    text = browser.sign_in(person(browser.tenant, "owner")).get("/settings/activity/").content.decode()
    for words in ("Operators asked for a sandbox of the organisation", "Organisation replaced by its sandbox"):
        assert words in text


def test_it_goes_with_its_organisation(initech, sandbox, shelf, media):
    remove(initech, release_address=True)
    assert not Sandbox.objects.exists()
    assert not Tenant.objects.filter(slug__startswith="initech").exists()
    assert [path for folder in (shelf, media) for path in folder.rglob("*") if path.is_file()] == []


def test_what_operators_decide_stays_with_the_organisation(initech):
    """Consent that owners have taken back since does not come back with a backup."""
    Tenant.objects.filter(pk=initech.pk).update(support_access="on")
    run("restore_organisation", "initech")
    Tenant.objects.filter(pk=initech.pk).update(support_access="off")
    assert Tenant.objects.get(slug="initech-sandbox").support_access == "off"
    run("restore_organisation", "initech", take_over=True)
    assert Tenant.objects.get(pk=initech.pk).support_access == "off"

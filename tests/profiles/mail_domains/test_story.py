"""The life of an email domain: added, proved, failing, lapsed; and one organisation for each."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.utils import timezone

from config import brand
from profiles.mail_domains import changes
from profiles.mail_domains.models import MailDomain
from profiles.mail_domains.proved import is_of_proved_domain
from profiles.mail_domains.tasks import queue_mail_domains
from profiles.testing import SiteClient
from tenants.context import public, within
from tenants.events import happened
from tenants.organisations.remove import remove
from tests.profiles.mail_domains.conftest import DOMAIN, check, put_record

NOW = timezone.now
JOINING = {"joins": "at_once", "role": "editor"}


def proof_gone(days: float) -> None:
    with public():
        MailDomain.objects.exclude(proof_gone=None).update(proof_gone=NOW() - timedelta(days=days))


def test_owner_proves_a_domain_and_lets_its_people_join(acme, as_user, owner, names, add, run_jobs):
    domain, browser = add(), as_user(owner)
    path = f"/settings/email-domains/{domain.pk}/"
    page = browser.get(path).content.decode()
    assert domain.proof in page
    assert f"_{brand.SLUG}-mail.{DOMAIN}" in page
    assert check(acme).error == "no_proof"
    assert browser.get(f"{path}joining/")["Location"] == path

    names.texts[f"{domain.record.name}."] = ["tenantry-mail=another"]
    assert check(acme).error == "other_proof"
    assert "tenantry-mail=another" in browser.get(path).content.decode()
    put_record(names, domain)
    domain = check(acme)
    assert domain.proved
    assert timedelta(days=6) < domain.next_check - NOW() <= timedelta(days=7)

    asked = browser.post(f"{path}joining/", JOINING)
    assert "/account/" in asked["Location"], "The password is asked for."
    browser.give_password().post(f"{path}joining/", JOINING)
    page = browser.get(path).content.decode()
    assert "At once, after confirming the address by email" in page
    assert "Editor" in page
    assert browser.post(f"{path}joining/", JOINING | {"role": "admin"}).context["form"].errors["role"]
    with within(acme), pytest.raises(PermissionDenied):
        changes.choose_joining(actor=owner, domain=domain, joins="at_once", role="admin")

    browser.post(f"{path}remove/")
    assert not MailDomain.objects.filter(pk=domain.pk).exists()


def test_a_domain_that_acme_has_proved_is_not_proved_by_globex(acme, globex, names, proved, add, stranger, owner):
    theirs = SiteClient(globex).sign_in(stranger)
    domain = add(browser=theirs)
    assert domain.proof != proved.proof
    assert check(globex).error == "other_proof", "acme's record proves nothing for globex."
    put_record(names, domain)
    assert (check(globex).error, check(globex).proved) == ("taken", None)
    page = theirs.get(f"/settings/email-domains/{domain.pk}/").content.decode()
    assert "Another organisation has proved this domain" in page
    assert "Acme" not in page
    for path in ("", "joining/", "remove/"):
        assert theirs.get(f"/settings/email-domains/{proved.pk}/{path}").status_code == 404
    assert theirs.give_password().post(f"/settings/email-domains/{proved.pk}/remove/").status_code == 404
    with within(globex):
        assert not is_of_proved_domain(f"nora@{DOMAIN}")
    with within(acme):
        assert is_of_proved_domain(f"Nora@{DOMAIN.upper()}")
        for email in (f"nora@mail.{DOMAIN}", f"nora@not{DOMAIN}", f"{DOMAIN}@evil.example", "nora", "", "a@b\0"):
            assert not is_of_proved_domain(email)
    with pytest.raises(IntegrityError, match="mail_domain_one_holder"), transaction.atomic():
        MailDomain.objects.filter(pk=domain.pk).update(proved=NOW())
    with pytest.raises(IntegrityError, match="mail_domain_joins_if_proved"), transaction.atomic():
        MailDomain.objects.filter(pk=domain.pk).update(joins="at_once")
    with pytest.raises(IntegrityError, match="mail_domain_role_low"), transaction.atomic():
        MailDomain.objects.filter(pk=proved.pk).update(role="owner")

    with within(acme):
        changes.remove(actor=owner, domain=proved)
    assert check(globex).proved


def test_of_two_owners_who_remove_a_domain_one_does_it(acme, owner, proved):
    seen = []

    def hear(event, **_others) -> None:
        seen.append(event.kind)

    happened.connect(hear)
    try:
        with within(acme):
            changes.remove(actor=owner, domain=proved)
            changes.remove(actor=owner, domain=proved)
    finally:
        happened.disconnect(hear)
    assert seen == ["mail_domain.removed"]


def test_owners_are_told_before_a_domain_lapses(acme, as_user, owner, names, proved, run_jobs, mailoutbox):
    with within(acme):
        changes.choose_joining(actor=owner, domain=proved, **JOINING)
    names.silent.add(f"{proved.record.name}.")
    domain = check(acme)
    assert (domain.error, domain.proof_gone) == ("unanswered", None)
    assert domain.next_check - NOW() < timedelta(hours=2)

    names.silent.clear()
    names.texts.clear()
    run_jobs()
    mailoutbox.clear()
    domain = check(acme)
    assert domain.next_check - NOW() <= timedelta(days=1)
    assert (domain.joins, domain.joins_now) == ("at_once", "request")
    check(acme)
    run_jobs()
    assert [(mail.to, mail.subject) for mail in mailoutbox] == [
        ([owner.email], f"The email domain {DOMAIN} fails its check")
    ]
    assert "The proof is gone." in as_user(owner).get(f"/settings/email-domains/{domain.pk}/").content.decode()

    proof_gone(days=24)
    check(acme)
    check(acme)  # reminded once
    run_jobs()
    assert len(mailoutbox) == 2
    proof_gone(days=31)
    domain = check(acme)
    run_jobs()
    assert (domain.proved, domain.joins) == (None, "off")
    assert mailoutbox[-1].subject == f"The email domain {DOMAIN} has lapsed"

    put_record(names, domain)
    domain = check(acme)
    assert domain.proved
    assert domain.joins == "off", "An owner chooses again how people join."


def test_what_is_due_is_checked_by_jobs_and_a_removed_organisation_holds_nothing(acme, add, run_jobs, settings):
    settings.MAIL_DOMAINS_MOST = 1
    domain = add()
    run_jobs()
    with public():
        assert MailDomain.objects.get(pk=domain.pk).checked
        MailDomain.objects.update(checked=None, next_check=NOW())
    queue_mail_domains.func()
    queue_mail_domains.func()
    run_jobs()
    with public():
        assert MailDomain.objects.get(pk=domain.pk).checked


def test_a_removed_organisation_holds_no_domain(committed, new_tenant):
    tenant = new_tenant("leavers")
    MailDomain.objects.create(tenant=tenant, domain=DOMAIN, proved=NOW())
    remove(tenant)
    assert not MailDomain.objects.filter(domain=DOMAIN).exists()

"""The life of a domain: added, proved, live, failing, released; and the main address, which follows."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier

import pytest
from django.apps import apps
from django.core import mail
from django.db import IntegrityError, connections, transaction
from django.utils import timezone

from config import brand
from profiles.own_domains import canonical
from profiles.own_domains.changes import remove as remove_domain
from profiles.own_domains.looking import look
from profiles.own_domains.models import OwnDomain
from profiles.own_domains.settling import settle
from profiles.testing import PASSWORD, SiteClient
from profiles.testing.installed import needs
from tenants.context import public, within
from tenants.models import Domain
from tenants.organisations.remove import remove
from tests.profiles.own_domains.conftest import HOST, check, lead_here, prove, run_queue

NOW = timezone.now


def past(domain: OwnDomain, **days: float) -> None:
    with public():
        times = {name: NOW() - timedelta(days=number) for name, number in days.items()}
        OwnDomain.objects.filter(pk=domain.pk).update(**times)


def kinds(tenant) -> list[str]:
    from profiles.audit.models import Entry

    with within(tenant):
        return list(Entry.objects.filter(kind__startswith="own_domain").order_by("pk").values_list("kind", flat=True))


@needs("profiles.audit")
def test_owner_brings_a_domain_and_makes_it_the_main_address(acme, as_user, owner, names, add, run_jobs):
    domain, browser = add(), as_user(owner)
    page = browser.get(f"/settings/domains/{domain.pk}/").content.decode()
    assert domain.proof in page
    assert f"_{brand.SLUG}.{HOST}" in page
    assert SiteClient(acme).get("/", SERVER_NAME=HOST).status_code == 404

    assert check(acme).state == "pending"
    prove(names, domain)
    assert check(acme).state == "proved"
    assert not Domain.objects.filter(domain=HOST).exists()
    lead_here(names, domain)
    domain = check(acme)
    assert domain.state == "live"
    assert timedelta(days=6) < domain.next_check - NOW() <= timedelta(days=7)

    away = SiteClient(acme).get("/people/", SERVER_NAME=HOST)
    assert away["Location"] == "http://acme.localhost:8000/people/"
    assert SiteClient(acme).post("/account/login/", {"login": "reader", "password": PASSWORD}).status_code == 302
    assert "2 members who are signed in" in browser.get("/settings/domains/main/").content.decode()
    page = browser.give_password().post("/settings/domains/main/", {"host": HOST})
    link = page.context["url"]
    assert link.startswith(f"http://{HOST}:8000/")
    assert SiteClient(acme).get("/people/")["Location"] == f"http://{HOST}:8000/people/"
    there = SiteClient(acme)
    there.defaults["SERVER_NAME"] = HOST
    assert there.get(link.partition(":8000")[2]).status_code == 302
    assert there.get("/settings/domains/").status_code == 200
    assert kinds(acme) == [f"own_domain.{word}" for word in ("added", "proved", "live", "canonical")]


def test_a_new_slug_does_not_take_the_main_address_back(acme, as_user, owner, live):
    as_user(owner).give_password().post("/settings/domains/main/", {"host": HOST})
    there = SiteClient(acme).sign_in(owner)
    there.defaults["SERVER_NAME"] = HOST
    there.give_password()
    answer = there.post("/settings/", {"name": "Acme", "slug": "apex-works", "language": ""})
    assert answer["Location"] == "/settings/"
    hosts = dict(Domain.objects.filter(tenant=acme).values_list("domain", "is_primary"))
    assert hosts == {HOST: True, "apex-works.localhost": False, "acme.localhost": False}
    assert there.get("/", SERVER_NAME="apex-works.localhost")["Location"] == f"http://{HOST}:8000/"

    page = there.post(f"/settings/domains/{live.pk}/remove/")
    assert page.context["url"].startswith("http://apex-works.localhost:8000/")
    assert there.get("/").status_code == 404


def test_proof_that_is_gone_is_said_at_once_and_again_and_then_the_domain_is_released(
    acme, globex, add, stranger, names, live, run_jobs
):
    mail.outbox.clear()
    names.texts.clear()
    assert check(acme).state == "failing"
    run_jobs()
    assert [message.subject for message in mail.outbox] == [f"{HOST} fails its check"]
    assert "Put the TXT record back by " in mail.outbox[0].body

    # Another organisation proves it meanwhile, and does not get it.
    other = add(browser=SiteClient(globex).sign_in(stranger))
    prove(names, other)
    lead_here(names, other)
    assert check(globex).proof_error == "taken"
    assert SiteClient(globex).get("/", SERVER_NAME=HOST)["Location"].startswith("http://acme.localhost")

    mail.outbox.clear()
    past(live, proof_gone=24)
    check(acme)
    check(acme)  # reminded once
    run_jobs()
    assert len(mail.outbox) == 1
    past(live, proof_gone=31)
    domain = check(acme)
    run_jobs()
    assert (domain.state, domain.proof_gone) == ("pending", None)
    assert [message.subject for message in mail.outbox[1:]] == [f"{HOST} was released"]
    assert check(globex).state == "live"
    assert SiteClient(globex).get("/", SERVER_NAME=HOST)["Location"].startswith("http://globex.localhost")


def test_a_main_address_that_leads_elsewhere_gives_way_after_an_hour(acme, as_user, owner, names, live, run_jobs):
    as_user(owner).give_password().post("/settings/domains/main/", {"host": HOST})
    names.aliases.clear()
    names.says[f"{HOST}."] = [["192.0.2.9"]]
    assert check(acme).state == "failing"
    assert SiteClient(acme).get("/")["Location"] == f"http://{HOST}:8000/"
    past(live, since=1 / 24)
    check(acme)
    assert "/account/login/" in SiteClient(acme).get("/")["Location"]
    run_jobs()
    assert any("another main address" in message.subject for message in mail.outbox)

    lead_here(names, live)
    assert check(acme).state == "live"
    assert "/account/login/" in SiteClient(acme).get("/")["Location"]  # until an owner chooses it again


@needs("profiles.audit")
def test_what_goes_live_while_it_is_removed_is_no_longer_served(acme, owner, names, add):
    """The page has read the domain before the check, and removes it after it."""
    seen = add()
    prove(names, seen)
    lead_here(names, seen)
    assert check(acme).state == "live"
    with within(acme):
        remove_domain(actor=owner, domain=seen)
        remove_domain(actor=owner, domain=seen)
    with public():
        assert not Domain.objects.filter(domain=HOST).exists()
    assert kinds(acme).count("own_domain.removed") == 1


def test_name_servers_that_do_not_answer_change_nothing(acme, names, live):
    names.silent |= {f"{live.proof_host}.", f"{HOST}."}
    domain = check(acme)
    assert (domain.state, domain.proof_error, domain.proof_gone) == ("live", "unanswered", None)
    assert domain.next_check - NOW() < timedelta(hours=2)


def test_our_own_missing_record_makes_no_domain_fail(acme, names, live, settings):
    del names.says[f"{settings.BASE_DOMAIN}."]
    assert check(acme).state == "live"


def test_one_organisation_per_name_is_held_by_the_database(acme, globex, live):
    OwnDomain.objects.create(tenant=globex, host=HOST)
    with pytest.raises(IntegrityError, match="own_domain_one_holder"), transaction.atomic():
        OwnDomain.objects.filter(tenant=globex).update(state="proved")
    with pytest.raises(IntegrityError, match="own_domain_is_host"), transaction.atomic():
        OwnDomain.objects.create(tenant=globex, host="People.customer.example")
    with pytest.raises(IntegrityError, match="own_domain_live_is_right"), transaction.atomic():
        OwnDomain.objects.filter(tenant=acme).update(proof_error="no_proof")


def test_of_two_that_prove_a_name_in_one_moment_one_gets_it(committed, new_tenant, names):
    """In two connections: the second waits for the first to commit."""
    both = [new_tenant("twins-one"), new_tenant("twins-two")]
    domains = OwnDomain.objects.bulk_create(OwnDomain(tenant=tenant, host=HOST) for tenant in both)
    names.texts[f"{domains[0].proof_host}."] = [domain.proof for domain in domains]
    lead_here(names, domains[0])
    together = Barrier(2)

    def settled(domain: OwnDomain) -> None:
        try:
            findings = look(domain)
            with within(domain.tenant), transaction.atomic():
                together.wait(10)
                settle(domain, findings)
        finally:
            connections.close_all()

    with ThreadPoolExecutor(2) as pool:
        list(pool.map(settled, domains))
    found = OwnDomain.objects.filter(host=HOST).order_by("state").values_list("state", "proof_error")
    assert list(found) == [("live", ""), ("pending", "taken")]
    [served] = Domain.objects.filter(domain=HOST)
    assert served.tenant_id == OwnDomain.objects.get(host=HOST, state="live").tenant_id


def test_the_record_of_another_organisation_proves_nothing(acme, globex, add, stranger, names):
    prove(names, add())
    add(browser=SiteClient(globex).sign_in(stranger))
    assert check(globex).proof_error == "other_proof"
    assert check(acme).state == "proved"


def test_what_is_due_is_queued_once_for_each_organisation(acme, globex, add, stranger, names, run_jobs):
    domain = add()
    run_jobs()
    with public():
        assert OwnDomain.objects.get(pk=domain.pk).checked
    add("second.customer.example")
    add(browser=SiteClient(globex).sign_in(stranger))
    run_queue()
    run_queue()
    run_jobs()
    with public():
        assert not OwnDomain.objects.filter(checked=None).exists()
    run_queue()
    assert run_jobs() in (None, [], 0)


def test_a_removed_organisation_holds_no_domain(committed, new_tenant):
    tenant = new_tenant("leavers")
    OwnDomain.objects.create(tenant=tenant, host=HOST)
    remove(tenant)
    assert not OwnDomain.objects.filter(host=HOST).exists()


@needs("profiles.passkeys")
def test_owner_is_told_who_loses_passkeys_and_gets_them_back_with_the_address(acme, as_user, owner, reader, live):
    with within(acme):
        factors = apps.get_model("mfa", "Authenticator").objects
        passkey = factors.create(user=reader, type="webauthn", data={"host": "acme.localhost"})
    browser = as_user(owner).give_password()
    assert browser.get("/settings/domains/main/").context["form"].initial == {"host": "acme.localhost"}
    assert "passkey" in browser.get("/settings/domains/main/").content.decode()
    browser.post("/settings/domains/main/", {"host": HOST})
    with within(acme):
        assert factors.get(pk=passkey.pk).data["left"]
        canonical.give_way()
        assert "left" not in factors.get(pk=passkey.pk).data

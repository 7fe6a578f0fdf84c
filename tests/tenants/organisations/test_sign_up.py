"""sign_up(): a complete organisation, or none."""

import logging
from typing import Any

import pytest
from allauth.account.models import EmailAddress
from django.core.exceptions import ValidationError
from django.db import connection
from django.test.utils import CaptureQueriesContext

from profiles.models import HandOff, User
from profiles.roles import Role
from profiles.testing import queued_jobs
from profiles.testing.queries import of_the_core
from tenants.context import within
from tenants.errors import NoSpare
from tenants.models import Domain, Tenant
from tenants.organisations.sign_up import check_slug, free_slug, sign_up
from tenants.schemas.spares import make_spare

PASSWORD = "plenty of rocket fuel"
HERE = "tests.tenants.organisations.test_sign_up"


@pytest.fixture
def stock(db) -> Tenant:
    """One spare."""
    return make_spare()


def works(slug: str = "works", **values: str) -> Any:
    """Sign Ada's organisation up."""
    given: dict[str, Any] = {
        "organisation": "Works",
        "name": "Ada Lovelace",
        "email": "ada@works.example",
        "password": PASSWORD,
    }
    return sign_up(slug=slug, **{**given, **values})


def owner_who_never_comes(**_values: str) -> str:
    raise LookupError("No member.")


def test_organisation_has_its_address_and_its_owner(stock):
    new = works()
    assert (new.tenant.name, new.tenant.slug, new.tenant.state) == ("Works", "works", Tenant.State.ACTIVE)
    assert new.tenant.is_complete
    assert Domain.objects.get(tenant=new.tenant).domain == "works.localhost"
    with within(new.tenant):
        owner = User.objects.get()
        assert (owner.name, owner.email, owner.role) == ("Ada Lovelace", "ada@works.example", Role.OWNER)
        assert owner.check_password(PASSWORD)
        assert owner.has_perm("profiles.change_profile", owner.profile)
        assert not owner.is_superuser


def test_owners_first_name_ends_at_the_first_space(stock):
    new = works(name="Ada King Lovelace")
    with within(new.tenant):
        owner = User.objects.get()
        assert (owner.first_name, owner.last_name) == ("Ada", "King Lovelace")


def test_owners_address_is_the_primary_one_and_not_proved_yet(stock):
    new = works()
    with within(new.tenant):
        address = EmailAddress.objects.get()
    assert (address.email, address.primary, address.verified) == ("ada@works.example", True, False)


def test_owner_is_asked_to_verify_the_address(stock, run_jobs, mailoutbox):
    works()
    run_jobs()
    (mail,) = mailoutbox
    assert mail.to == ["ada@works.example"]
    assert "http://works.localhost:8000/account/confirm-email/" in mail.body


def test_address_to_go_to_is_a_hand_off_on_the_new_host(stock):
    new = works()
    assert new.url.startswith("http://works.localhost:8000/hand-off/")
    with within(new.tenant):
        assert HandOff.objects.count() == 1


def test_sign_up_takes_a_spare_and_has_it_replaced_after_commit(stock, django_capture_on_commit_callbacks, run_jobs):
    with django_capture_on_commit_callbacks(execute=True):
        assert works().tenant == stock
    assert stock not in Tenant.objects.spare()
    run_jobs()
    assert Tenant.objects.spare().exists()


def test_two_sign_ups_ask_for_spares_once(db, django_capture_on_commit_callbacks):
    for slug in ("works", "other-works"):
        make_spare()
        with django_capture_on_commit_callbacks(execute=True):
            works(slug)
    assert [job.task_name for job in queued_jobs()].count("tenants.top_up_spares") == 1


def test_sign_up_asks_for_spares_when_half_of_them_are_gone(db, settings, django_capture_on_commit_callbacks):
    settings.SPARE_TENANTS = 4
    for _ in range(4):
        make_spare()
    with django_capture_on_commit_callbacks(execute=True):
        works("one-of-four")
    assert "tenants.top_up_spares" not in [job.task_name for job in queued_jobs()]
    with django_capture_on_commit_callbacks(execute=True):
        works("two-of-four")
    assert "tenants.top_up_spares" in [job.task_name for job in queued_jobs()]


def test_no_sign_up_without_a_spare(db):
    with pytest.raises(NoSpare, match="worker"):
        works()


def test_a_spare_with_people_in_it_is_not_handed_out(stock, caplog):
    """Although it is the older one: its members would belong to the new organisation."""
    with within(stock):
        User.objects.create_user("early", "early@acme.example", PASSWORD)
    free = make_spare()
    assert works().tenant == free
    assert f"{stock.schema_name} has people in it" in caplog.text
    stock.refresh_from_db()
    assert (stock.state, stock.slug, stock.is_complete) == (Tenant.State.SPARE, None, False)
    with within(stock):
        assert [*User.objects.values_list("username", flat=True)] == ["early"]


def test_sign_up_sends_nothing_but_queries_and_rows(stock):
    """No tables are created during a sign-up (docs/design.md, invariant 6), and no query runs twice."""
    assert stock in Tenant.objects.spare()  # Read in `public`, where the sign-up begins.
    with CaptureQueriesContext(connection) as queries:
        works()
    sent = [query["sql"] for query in queries if "audit_entry" not in query["sql"]]  # tests/profiles/audit counts those
    own = of_the_core(sent)
    statements = [sql.split()[0] for sql in own]
    assert set(statements) <= {"WITH", "SELECT", "INSERT", "SAVEPOINT", "RELEASE"}
    # The claim, whether it is empty, the names that are taken, five rows, the job, and the way there and back.
    assert len([word for word in statements if word in ("WITH", "SELECT", "INSERT")]) == 11


def test_nothing_is_left_of_a_sign_up_that_fails(stock, settings):
    settings.TENANT_OWNER = f"{HERE}.owner_who_never_comes"
    with pytest.raises(LookupError):
        works()
    assert not Tenant.objects.filter(slug="works").exists()
    assert not Domain.objects.filter(domain="works.localhost").exists()
    assert stock in Tenant.objects.spare()


def test_taken_slug_is_refused_with_free_ones(stock, acme):
    with pytest.raises(ValidationError) as refusal:
        works("acme")
    assert refusal.value.code == "taken"
    assert "acme-hq" in refusal.value.messages[0]
    assert not Tenant.objects.filter(name="Works").exists()


@pytest.mark.parametrize("slug", ["g1obex", "gl0bex", "glo-bex"])
def test_look_alike_of_a_taken_slug_is_refused(globex, slug):
    with pytest.raises(ValidationError, match="looks like it, is taken"):
        check_slug(slug)


def test_domain_that_an_organisation_has_left_is_still_taken(acme):
    Domain.objects.create(tenant=acme, domain="old-acme.localhost", is_primary=False)
    with pytest.raises(ValidationError, match="taken"):
        check_slug("old-acme")
    check_slug("old-acme", by_other_than=acme)


def test_password_is_in_no_log_job_or_mail(stock, caplog, django_capture_on_commit_callbacks, run_jobs, mailoutbox):
    caplog.set_level(logging.DEBUG)
    with django_capture_on_commit_callbacks(execute=True):
        tenant = works().tenant
    with within(tenant):
        hashed = User.objects.get().password
    jobs = [str(job.args) for job in queued_jobs()]
    assert jobs
    run_jobs()
    (mail,) = mailoutbox
    written = [caplog.text, str(mail.message()), *jobs]
    assert not any(PASSWORD in each or hashed in each for each in written)


@pytest.mark.parametrize(
    ("organisation", "slug"),
    [
        ("Initech Ltd.", "initech-ltd"),
        ("Bücher & Söhne", "bucher-and-sohne"),
        ("Acme", "acme-hq"),
        ("Globe X", "globe-x-hq"),
        ("東京", ""),
        ("", ""),
    ],
)
def test_proposed_slug_can_be_had(acme, globex, organisation, slug):
    assert free_slug(organisation) == slug
    if slug:
        check_slug(slug)


def test_reserved_name_is_not_proposed(db):
    proposal = free_slug("Admin")
    assert proposal not in ("admin", "")
    check_slug(proposal)


def test_spare_has_no_address(db):
    assert not Domain.objects.filter(tenant=make_spare()).exists()

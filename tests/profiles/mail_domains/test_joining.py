"""People with an address of a proved domain join: not at all, by request, or at once by an invitation."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from profiles.joining import asking
from profiles.joining.models import Applicant
from profiles.mail_domains import changes
from profiles.models import Invitation, User
from profiles.testing import PASSWORD, SiteClient
from tenants.context import public, within
from tests.profiles.mail_domains.conftest import DOMAIN, check

URL = "/email-domain/join/"
NORA = {"name": "Nora New", "email": f"nora@{DOMAIN}"}


@pytest.fixture
def joins(acme, owner, proved):
    def choose(how, role="reader"):
        with within(acme):
            changes.choose_joining(actor=owner, domain=proved, joins=how, role=role)

    return choose


def waiting(tenant):
    with within(tenant):
        return list(Applicant.objects.waiting())


def test_until_an_owner_allows_it_no_one_joins_by_the_domain(acme, globex, proved, joins, visitor):
    assert URL not in visitor.get("/account/login/").content.decode()
    assert visitor.post(URL, NORA).status_code == 404
    joins("request")
    page = visitor.get("/account/login/").content.decode()
    assert URL in page
    assert f"@{DOMAIN}" in page
    assert "by invitation only" not in page
    for email in ("nora@other.example", f"nora@mail.{DOMAIN}"):
        form = visitor.post(URL, NORA | {"email": email}).context["form"]
        assert form.errors["email"] == [f"People with such an address can join: \u2066@{DOMAIN}\u2069."]
    assert waiting(acme) == []
    assert SiteClient(globex).post(URL, NORA).status_code == 404


def test_a_request_waits_for_an_admin_though_requests_of_others_are_off(
    acme, joins, visitor, admin, as_user, run_jobs, mailoutbox
):
    joins("request")
    assert visitor.post(URL, NORA)["Location"] == "/join/sent/?request=1"
    run_jobs()
    [applicant] = waiting(acme)
    assert admin.email in [mail.to[0] for mail in mailoutbox]
    as_user(admin).post(f"/members/requests/{applicant.pk}/approve/", {"role": "reader"})
    run_jobs()
    assert mailoutbox[-1].to == [NORA["email"]]
    assert visitor.post("/join/ask/", NORA).status_code == 404


def test_a_person_joins_at_once_by_the_mail_and_has_no_password_before(
    acme, owner, joins, visitor, run_jobs, mailoutbox
):
    joins("at_once", role="editor")
    run_jobs()
    mailoutbox.clear()
    page = visitor.post(URL, NORA | {"name": "Nora <b>New</b>"}, follow=True)
    assert "Look into your mailbox" in page.content.decode()
    with within(acme):
        assert not User.objects.filter(email=NORA["email"]).exists()
    run_jobs()
    assert [mail.to for mail in mailoutbox] == [[NORA["email"]]]
    assert not waiting(acme)
    with within(acme):
        invitation = Invitation.objects.get(email=NORA["email"])
        assert (invitation.role, invitation.invited_by) == ("editor", owner)
        path = invitation.url.partition(":8000")[2]
    visitor.post(path, {"name": "Nora New", "username": "nora", "password": PASSWORD})
    with within(acme):
        assert User.objects.get(email=NORA["email"]).role == "editor"


def test_pages_and_their_work_are_the_same_for_known_and_unknown_addresses(
    acme, owner, joins, visitor, run_jobs, mailoutbox
):
    emails = [f"{name}@{DOMAIN}" for name in ("warm", "nora", "rita", "gone", "ivy")]
    with within(acme):
        User.objects.create_user("rita", emails[2])
        User.objects.create_user("goner", emails[3], is_active=False)
        Invitation.objects.create(email=emails[4], invited_by=owner)
    for how, location in (("at_once", "/join/sent/"), ("request", "/join/sent/?request=1")):
        joins(how)
        answers = set()
        for number, email in enumerate(emails):
            with CaptureQueriesContext(connection) as queries:
                response = visitor.post(URL, {"name": "N. N.", "email": email})
            if number:
                answers.add((response.status_code, response["Location"], len(queries)))
        [(status, found, _statements)] = answers
        assert (status, found) == (302, location)
        mailoutbox.clear()
        run_jobs()
        subjects = {mail.to[0]: mail.subject for mail in mailoutbox if DOMAIN in mail.to[0]}
        assert subjects[emails[2]] == "You are a member of Acme already"
        assert emails[3] not in subjects, "A deactivated member gets no mail."
        if how == "at_once":
            assert subjects[emails[1]] == subjects[emails[4]] == "Olga Owner invited you to Acme"
    assert waiting(acme) == []


def test_who_has_asked_before_joins_at_once_when_that_is_allowed(acme, owner, joins, visitor, run_jobs):
    with within(acme):
        asking.allow_requests(actor=owner, is_allowed=True)
    visitor.post("/join/ask/", NORA)
    run_jobs()
    joins("at_once")
    visitor.post(URL, NORA)
    run_jobs()
    assert waiting(acme) == []
    with within(acme):
        assert Invitation.objects.filter(email=NORA["email"]).exists()


def test_at_once_becomes_a_request_where_the_proof_is_gone_or_no_invitation_can_be_sent(
    acme, joins, visitor, names, run_jobs, settings
):
    joins("at_once")
    settings.REFUSALS_MOST = 0
    visitor.post(URL, NORA)
    run_jobs()
    assert [each.email for each in waiting(acme)] == [NORA["email"]]
    settings.REFUSALS_MOST = 100
    names.texts.clear()
    check(acme)
    ned = {"name": "Ned New", "email": f"ned@{DOMAIN}"}
    assert visitor.post(URL, ned)["Location"] == "/join/sent/?request=1"
    run_jobs()
    assert ned["email"] in [each.email for each in waiting(acme)]
    with within(acme):
        assert not Invitation.objects.exists()


def test_a_domain_that_was_removed_in_the_meantime_admits_no_one(acme, owner, proved, joins, visitor, run_jobs):
    joins("at_once")
    visitor.post(URL, NORA)
    with within(acme), public():
        proved.delete()
    run_jobs()
    with within(acme):
        assert not Invitation.objects.exists()
    assert len(waiting(acme)) == 1

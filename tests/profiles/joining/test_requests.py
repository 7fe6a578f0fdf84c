"""Requests to join: asked on the sign-in page, told to the managers, approved or declined."""

from datetime import timedelta
from functools import partial

import pytest
from django.apps import apps
from django.core.exceptions import PermissionDenied, ValidationError
from django.utils import timezone

from profiles.joining import asking
from profiles.joining.models import Applicant, Joining
from profiles.joining.nightly import end_applicants
from profiles.models import Invitation, OutgoingMail, User
from profiles.roles import Role
from tenants.context import within
from tests.profiles.races import at_once

URL = "/members/requests/"
NORA = {"name": "Nora New", "email": "nora@new.example", "message": "We met\n<b>on Monday</b>."}


@pytest.fixture
def allowed(acme, owner):
    with within(acme):
        asking.allow_requests(actor=owner, is_allowed=True)
    return acme


def waiting(tenant):
    with within(tenant):
        return list(Applicant.objects.waiting())


def test_requests_are_off_until_an_admin_allows_them(acme, visitor, admin, as_user):
    page = visitor.get("/account/login/").text
    assert "Ask to join" not in page
    assert "by invitation only" in page
    assert visitor.post("/join/ask/", NORA).status_code == 404
    as_user(admin).post("/settings/joining/", {"takes_requests": "on"})
    page = visitor.get("/account/login/").text
    assert "/join/ask/" in page
    assert "by invitation only" not in page
    assert visitor.post("/join/ask/", NORA).status_code == 302
    as_user(admin).post("/settings/joining/", {})
    assert visitor.get("/join/ask/").status_code == 404
    assert len(waiting(acme)) == 1


def test_a_request_is_approved_and_the_person_joins(allowed, visitor, admin, as_user, run_jobs, mailoutbox):
    assert "Your request was sent" in visitor.post("/join/ask/", NORA, follow=True).content.decode()
    run_jobs()
    browser = as_user(admin)
    assert "1 person asks to join." in browser.get("/people/").content.decode()
    if apps.is_installed("profiles.notices"):
        assert "Nora New asks to join" in browser.get("/notices/").content.decode()
    page = browser.get(URL).content.decode()
    assert "We met\n&lt;b&gt;on Monday&lt;/b&gt;." in page
    [applicant] = waiting(allowed)
    browser.post(f"{URL}{applicant.pk}/approve/", {"role": "editor"})
    run_jobs()
    assert mailoutbox[-1].to == ["nora@new.example"]
    with within(allowed):
        invitation = Invitation.objects.get(email="nora@new.example")
        assert (invitation.role, invitation.name, invitation.invited_by) == ("editor", "Nora New", admin)
        applicant.refresh_from_db()
        assert (applicant.decided_by, applicant.invitation) == (admin, invitation)
    page = browser.post(f"{URL}{applicant.pk}/decline/", follow=True).content.decode()
    assert "already been decided" in page
    assert "asks to join" not in browser.get("/people/").content.decode()


def test_managers_get_one_mail_until_one_of_them_has_looked(
    allowed, visitor, owner, admin, as_user, run_jobs, mailoutbox
):
    def told():
        number = len(mailoutbox)
        run_jobs()
        return sorted(mail.to[0] for mail in mailoutbox[number:])

    for number in range(3):
        visitor.post("/join/ask/", NORA | {"email": f"n{number}@new.example"})
    assert told() == [admin.email, owner.email]
    visitor.post("/join/ask/", NORA)
    assert told() == []
    as_user(admin).get(URL)
    visitor.post("/join/ask/", NORA | {"email": "later@new.example"})
    assert told() == [admin.email, owner.email]
    assert "Nora" not in "".join(mail.body for mail in mailoutbox), "A stranger's words are in no mail."


def test_the_page_says_the_same_for_known_addresses(allowed, visitor, reader, gone, run_jobs, mailoutbox):
    with within(allowed):
        Invitation.objects.create(email="ivy@new.example", invited_by=User.objects.get(username="owner"))
    emails = [NORA["email"], NORA["email"], reader.email, gone.email, "ivy@new.example"]
    pages = [visitor.post("/join/ask/", NORA | {"email": email}) for email in emails]
    assert {(page.status_code, page.url) for page in pages} == {(302, "/join/sent/?request=1")}
    run_jobs()
    assert [applicant.email for applicant in waiting(allowed)] == ["nora@new.example"]
    mails = {mail.to[0]: mail.subject for mail in mailoutbox}
    assert mails.pop(reader.email) == "You are a member of Acme already"
    assert mails.pop("ivy@new.example") == "Olga Owner invited you to Acme"
    assert set(mails) == {"owner@acme.example", "admin@acme.example"}


@pytest.mark.parametrize("tell", [{}, {"tell": "1"}])
def test_a_declined_person_gets_a_mail_if_the_admin_says_so(
    allowed, visitor, admin, as_user, run_jobs, mailoutbox, tell
):
    visitor.post("/join/ask/", NORA)
    run_jobs()
    [applicant] = waiting(allowed)
    mailoutbox.clear()
    as_user(admin).post(f"{URL}{applicant.pk}/decline/", tell)
    run_jobs()
    assert [mail.subject for mail in mailoutbox] == (["Your request to join Acme"] if tell else [])
    assert not waiting(allowed)
    with within(allowed):
        assert not Invitation.objects.exists()
    visitor.post("/join/ask/", NORA)
    assert len(waiting(allowed)) == 1, "The person may ask again."


def test_who_may_not_decide_decides_nothing(allowed, globex, stranger, owner, editor, as_user):
    with within(allowed):
        applicant = Applicant.objects.create(email="nora@new.example", name="Nora New")
        for verb in (partial(asking.approve, role=Role.READER), partial(asking.decline, is_told=True)):
            with pytest.raises(PermissionDenied):
                verb(actor=editor, applicant=applicant)
        with pytest.raises(PermissionDenied):
            asking.approve(actor=owner, applicant=applicant, role=Role.OWNER)
        with pytest.raises(ValidationError):
            asking.approve(actor=owner, applicant=applicant, role="chief")
        with pytest.raises(PermissionDenied):
            asking.allow_requests(actor=editor, is_allowed=True)
        assert not OutgoingMail.objects.exists()
    with within(globex):
        theirs = Applicant.objects.create(pk=applicant.pk + 1, email="ned@new.example", name="Globex only")
    assert "Globex only" not in as_user(owner).get(URL).content.decode()
    assert as_user(owner).post(f"{URL}{theirs.pk}/approve/", {"role": "reader"}).status_code == 404
    assert waiting(allowed) == [applicant]


@pytest.mark.parametrize(
    ("field", "value"),
    [("email", "odd"), ("name", "Win at evil.com"), ("name", ""), ("message", "x" * 501), ("name", "nul\0")],
)
def test_what_is_wrong_is_said_in_the_form_and_kept(allowed, visitor, field, value):
    response = visitor.post("/join/ask/", NORA | {field: value})
    assert field in response.context["form"].errors
    assert response.context["form"]["message"].value()
    assert not waiting(allowed)


def test_lists_of_none_and_of_more_than_may_wait(allowed, visitor, owner, as_user):
    assert "No one asks to join" in as_user(owner).get(URL).content.decode()
    with within(allowed):
        Applicant.objects.bulk_create(
            [Applicant(email=f"n{number}@new.example", name=f"N {number}") for number in range(asking.MOST_WAITING)]
        )
    page = as_user(owner).get(URL)
    assert len(page.context["page"].rows) == 50
    assert page.context["page"].after
    response = visitor.post("/join/ask/", NORA)
    assert "Too many requests are waiting" in response.context["form"].non_field_errors()[0]


def test_requests_of_one_person_at_once_are_one_and_one_decision_counts(new_tenant):
    initech = new_tenant("initech")
    with within(initech):
        owner = User.objects.get()
        asking.allow_requests(actor=owner, is_allowed=True)
        assert at_once(initech, *[partial(asking.ask_to_join, **NORA)] * 4) == [None] * 4
        [applicant] = waiting(initech)
        approve = partial(asking.approve, actor=owner, applicant=applicant, role=Role.READER)
        decline = partial(asking.decline, actor=owner, applicant=applicant, is_told=False)
        results = at_once(initech, approve, decline, approve, decline)
        assert sum(isinstance(result, Applicant.DoesNotExist) for result in results) == 3


def test_requests_end_at_night(allowed, owner):
    now = timezone.now()
    with within(allowed):
        for number, (created, decided) in enumerate([(59, None), (61, None), (100, 80), (100, 91)]):
            made = Applicant.objects.create(email=f"n{number}@new.example", name="N")
            times = {"created": now - timedelta(created), "decided": decided and now - timedelta(decided)}
            Applicant.objects.filter(pk=made.pk).update(**times)
        assert end_applicants() == 2
        assert Joining.load().takes_requests

"""Lists of invitations: the preview, the corrections, the job and its results."""

import csv
import io
from datetime import timedelta
from functools import partial

import pytest
from allauth.account.models import EmailAddress
from django.core.exceptions import PermissionDenied
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from profiles.bulk_invitations import changes, sending
from profiles.bulk_invitations.lines import Line, read
from profiles.bulk_invitations.models import Batch
from profiles.bulk_invitations.nightly import end_lists
from profiles.models import Invitation, OutgoingMail, User
from profiles.roles import Role
from tenants.context import public, within
from tenants.models import Tenant
from tests.profiles.races import at_once

URL = "/members/invitations/many/"
FILE = """email;role;name;groups
nora@new.example;editor;Nora New;
READER@acme.example;;;
gone@acme.example;;;
new@acme.example;;;
nora@new.example;;;
odd;;;
ned@new.example;boss;=Ned;
"""


@pytest.fixture
def settled(acme, owner):
    """acme is older than a day, and an owner's address is confirmed: it may send many invitations."""
    with public():
        Tenant.objects.filter(pk=acme.pk).update(activated=timezone.now() - timedelta(days=2))
        acme.refresh_from_db()
    with within(acme):
        EmailAddress.objects.update_or_create(user=owner, email=owner.email, defaults={"verified": True})
        Invitation.objects.create(email="new@acme.example", invited_by=owner)
    return acme


def uploaded(text=FILE):
    return {"file": SimpleUploadedFile("people.csv", text.encode()), "role": "reader"}


def listed(people):
    """Codes by number of line."""
    return {number: line.code for number, line in enumerate(people)}


def test_a_new_organisation_is_told_before_that_it_cannot_send_all_today(acme, owner, as_user, settings):
    settings.LIMITS = settings.LIMITS | {"invite_first_day": {"organisation": (2, 86400)}}
    with public():
        Tenant.objects.filter(pk=acme.pk).update(activated=timezone.now())
    warning = "A new organisation can send 2 invitations on its first day. Send the same list again tomorrow"
    people = "".join(f"p{number}@new.example;reader\n" for number in range(3))
    lists = (people, people.partition("p2")[0])
    pages = [as_user(owner).post(URL, uploaded(f"email;role\n{list_}"), follow=True).text for list_ in lists]
    assert [warning in page for page in pages] == [True, False]


def test_a_list_is_checked_corrected_sent_and_reported(settled, owner, admin, as_user, run_jobs, mailoutbox):
    browser = as_user(admin)
    page = browser.post(URL, uploaded(), follow=True)
    where = page.redirect_chain[-1][0]
    preview = page.context["preview"]
    assert [row.line.email for row in preview.new] == ["nora@new.example"]
    assert [str(row.label) for row in preview.settled] == ["Already a member", "Already invited", "Twice in the list"]
    wrong = {draft.number: str(draft.label) for draft in preview.wrong}
    assert wrong == {2: "Deactivated member", 5: "Not an email address", 6: "Not a role that you can give"}
    assert not mailoutbox

    browser.post(where, {"lines": "7", "email-2": "", "email-5": "Olaf@new.example", "role-6": "editor"})
    preview = browser.get(where).context["preview"]
    assert [row.line.email for row in preview.new] == ["nora@new.example", "olaf@new.example", "ned@new.example"]
    assert not preview.wrong

    page = browser.post(f"{where}send/", follow=True).content.decode()
    assert "The invitations are being sent" in page
    assert "<progress" in page
    run_jobs()
    with within(settled):
        invitations = {i.email: (i.role, i.name, i.invited_by) for i in Invitation.objects.open()}
    assert invitations["nora@new.example"] == ("editor", "Nora New", admin)
    assert invitations["olaf@new.example"] == ("reader", "", admin)
    assert sorted(mail.to[0] for mail in mailoutbox) == ["ned@new.example", "nora@new.example", "olaf@new.example"]

    page = browser.get(where).content.decode()
    assert "<progress" not in page
    file = browser.get(f"{where}results.csv").content.decode()
    rows = {row[0]: row[1:] for row in csv.reader(io.StringIO(file.removeprefix("\ufeff")))}
    assert rows["ned@new.example"] == ["'=Ned", "Editor", "Invited", ""]
    assert rows["new@acme.example"][2] == "Already invited"

    run_again = browser.post(URL, uploaded(), follow=True)
    browser.post(f"{run_again.redirect_chain[-1][0]}send/")
    run_jobs()
    assert len(mailoutbox) == 3


def test_the_name_of_a_list_is_proposed_to_the_person(settled, owner, visitor, run_jobs):
    with within(settled):
        batch = changes.draft(actor=owner, people=[Line("nora@new.example", "reader", "Nora New")])
        changes.send(actor=owner, pk=batch.pk)
        run_jobs()
        token = Invitation.objects.get(email="nora@new.example").token
    assert 'value="Nora New"' in visitor.get(f"/invitations/{token}/").content.decode()


def test_limits_of_the_organisation_are_said_on_each_line(acme, owner, run_jobs):
    with within(acme):
        people = [Line(f"n{number}@new.example", "reader") for number in range(5)]
        batch = changes.send(actor=owner, pk=changes.draft(actor=owner, people=people).pk)
        run_jobs()
        batch.refresh_from_db()
        assert [line.code for line in batch.people] == ["sent"] * 3 + ["failed"] * 2
        assert "3 invitations can be sent" in batch.people[-1].words
        assert batch.done


def test_admin_cannot_invite_owners_by_a_list_and_an_owner_confirms_the_password(settled, admin, owner, as_user):
    with within(settled):
        people = [Line("nora@new.example", Role.OWNER)]
        batch = changes.draft(actor=admin, people=people)
    page = as_user(admin).get(f"{URL}{batch.pk}/")
    assert not page.context["preview"].new
    response = as_user(owner).post(f"{URL}{batch.pk}/send/")
    assert response.url.startswith("/account/reauthenticate/")
    with within(settled):
        assert Batch.objects.get().sent is None


def test_who_may_not_manage_members_any_more_sends_nothing(settled, owner, admin, reader, run_jobs):
    with within(settled):
        with pytest.raises(PermissionDenied):
            changes.draft(actor=reader, people=[])
        people = [Line("nora@new.example", "reader")]
        batch, later = (changes.draft(actor=admin, people=people) for _ in range(2))
        changes.send(actor=admin, pk=batch.pk)
        User.objects.filter(pk=admin.pk).update(role=Role.READER)
        with pytest.raises(PermissionDenied):
            changes.send(actor=admin, pk=later.pk)
        run_jobs()
        assert listed(Batch.objects.get(pk=batch.pk).people) == {0: "role"}
        assert not OutgoingMail.objects.exists()


def test_a_list_that_a_colleague_has_changed_or_sent_is_not_corrected(settled, owner, as_user):
    with within(settled):
        batch = changes.draft(actor=owner, people=read("odd, other, third@new.example", role="reader"))
    browser = as_user(owner)
    browser.post(f"{URL}{batch.pk}/", {"lines": "3", "email-0": ""})
    page = browser.post(f"{URL}{batch.pk}/", {"lines": "3", "email-1": "x@new.example"}, follow=True).content.decode()
    assert "This list has changed" in page
    browser.post(f"{URL}{batch.pk}/send/")
    page = browser.post(f"{URL}{batch.pk}/", {"lines": "2", "email-0": "x@new.example"}, follow=True).content.decode()
    assert "already been sent" in page
    with within(settled):
        assert [line.email for line in Batch.objects.get().people] == ["other", "third@new.example"]


def test_a_list_of_the_organisation_next_door_is_not_found(globex, stranger, owner, as_user):
    with within(globex):
        batch = changes.draft(actor=stranger, people=[Line("nora@new.example", "reader")])
    for path in ("", "results.csv"):
        assert as_user(owner).get(f"{URL}{batch.pk}/{path}").status_code == 404
    assert as_user(owner).post(f"{URL}{batch.pk}/send/").status_code == 404


@pytest.mark.parametrize(
    ("form", "field", "words"),
    [
        ({"addresses": " "}, "addresses", "There is no address in it."),
        ({"addresses": "", **uploaded("PK\3\4\0 a workbook")}, "file", "This is not a CSV file."),
        ({"addresses": "", **uploaded('email\n"' + "x" * 140_000)}, "file", "This is not a CSV file."),
        ({"addresses": "", **uploaded("x" * 500_001)}, "file", "too large"),
        ({"addresses": "a@x.example", "role": "owner"}, "role", "Choose an option from the list."),
    ],
)
def test_a_form_that_cannot_be_read_says_why(admin, as_user, form, field, words):
    response = as_user(admin).post(URL, {"role": "reader"} | form)
    assert words in response.context["form"].errors[field][0]


@pytest.mark.slow
def test_pages_with_no_one_and_with_a_thousand_lines(settled, owner, as_user):
    assert "No list has been sent" in as_user(owner).get(URL).content.decode()
    people = [Line(f"n{number}@new.example" if number % 2 else f"odd{number}", "reader") for number in range(1000)]
    with within(settled):
        batch = changes.draft(actor=owner, people=people)
    page = as_user(owner).get(f"{URL}{batch.pk}/")
    assert "500 lines need a correction" in page.content.decode()
    assert page.content.decode().count('name="email-') == 100
    assert "Send 500 invitations" in page.content.decode()
    assert "1000 people" in as_user(owner).get(URL).content.decode()


def test_two_clicks_send_a_list_once_and_two_jobs_invite_no_one_twice(new_tenant):
    initech = new_tenant("initech")
    with within(initech):
        owner = User.objects.get()
        batch = changes.draft(actor=owner, people=[Line(f"n{number}@new.example", "reader") for number in range(3)])
        results = at_once(initech, *[partial(changes.send, actor=owner, pk=batch.pk)] * 3)
        assert sorted(type(result).__name__ for result in results) == ["Batch", "DoesNotExist", "DoesNotExist"]
        at_once(initech, *[partial(sending.send_some, pk=batch.pk)] * 3)
        assert OutgoingMail.objects.filter(to__endswith="@new.example").count() == 3


def test_drafts_end_after_a_day_and_sent_lists_after_a_month(acme, owner):
    now = timezone.now()
    with within(acme):
        for created, sent in ((2, None), (0, None), (29, 29), (31, 31)):
            batch = changes.draft(actor=owner, people=[Line("nora@new.example", "reader")])
            times = {"created": now - timedelta(created), "sent": sent and now - timedelta(sent)}
            Batch.objects.filter(pk=batch.pk).update(**times)
        assert end_lists() == 2

"""Invitations: who may invite, and what the mail says."""

import re
from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.utils import timezone

from profiles.invitations import changes
from profiles.models import Invitation, OutgoingMail, User
from profiles.roles import Role
from tenants.context import within
from tests.mails import links

URL = "/members/invitations/"
INVITE = "/members/invitations/new/"
NORA = {"email": "nora@new.example", "role": "editor", "message": "Come & join us.\n<b>Soon</b>"}
# Of 255 characters.
LONG = f"{'a' * 61}@{'b' * 61}.{'c' * 61}.{'d' * 61}.example"


@pytest.fixture
def invitation(acme, owner):
    with within(acme):
        return changes.invite(actor=owner, **NORA)


@pytest.fixture
def of_an_owner(acme, owner):
    """An invitation that only an owner may send."""
    with within(acme):
        return changes.invite(actor=owner, email="boss@new.example", role=Role.OWNER)


def said(response):
    """The messages at the top of the page."""
    return [str(message) for message in response.context["messages"]]


def addresses(tenant):
    with within(tenant):
        return set(Invitation.objects.open().values_list("email", flat=True))


def fresh(tenant, invitation):
    with within(tenant):
        return Invitation.objects.get(pk=invitation.pk)


def test_admin_invites(acme, globex, as_user, admin):
    response = as_user(admin).post(INVITE, NORA, follow=True)
    assert "You invited nora@new.example." in response.content.decode()
    with within(acme):
        invitation = Invitation.objects.get(email="nora@new.example")
    assert (invitation.role, invitation.invited_by_id) == ("editor", admin.pk)
    assert timedelta(days=6, hours=23) < invitation.expires - timezone.now() < timedelta(days=7)
    assert addresses(globex) == set()


@pytest.mark.parametrize(("message", "is_kept"), [(None, True), ("x" * 1000, True), ("x" * 1001, False)])
def test_a_message_may_be_left_out_and_has_an_end(acme, as_user, owner, message, is_kept):
    sent = {"email": "nora@new.example", "role": "editor"} | ({} if message is None else {"message": message})
    response = as_user(owner).post(INVITE, sent)
    assert response.status_code == (302 if is_kept else 200)
    assert addresses(acme) == ({"nora@new.example"} if is_kept else set())
    if not is_kept:
        assert set(response.context["form"].errors) == {"message"}


def test_form_proposes_the_role_with_the_fewest_rights(as_user, owner):
    assert as_user(owner).get(INVITE).context["form"]["role"].value() == Role.READER


def test_mail_says_who_invites_as_what_and_quotes_the_message(as_user, owner, run_jobs, mailoutbox):
    as_user(owner).post(INVITE, NORA)
    run_jobs()
    [mail] = mailoutbox
    html = mail.alternatives[0].content
    assert mail.to == ["nora@new.example"]
    assert mail.subject == "Olga Owner invited you to Acme"
    for text in (mail.body, html):
        assert "Olga Owner invited you to" in text
        assert "Olga Owner (owner@acme.example) wrote this message to you." in text
        assert "Your role: Editor." in text
        assert "http://acme.localhost:8000/invitations/" in text
    assert "\n> Come & join us.\n> <b>Soon</b>\n" in mail.body
    assert "Come &amp; join us.<br>&lt;b&gt;Soon&lt;/b&gt;</blockquote>" in html


def test_mail_without_a_message_quotes_nothing(acme, of_an_owner, run_jobs, mailoutbox):
    assert of_an_owner.message == ""
    run_jobs()
    assert ">" not in mailoutbox[0].body
    assert "<blockquote" not in mailoutbox[0].alternatives[0].content


def test_links_are_canonical_whatever_the_host_header(as_user, owner, run_jobs, mailoutbox):
    as_user(owner).post(INVITE, NORA, headers={"host": "ACME.localhost:6666"})
    run_jobs()
    assert "http://acme.localhost:8000/invitations/" in mailoutbox[0].body
    assert all(link.startswith("http://acme.localhost:8000/") for link in links(mailoutbox[0]))


def test_address_is_kept_in_lower_case(acme, as_user, owner):
    as_user(owner).post(INVITE, NORA | {"email": "Nora@New.Example"})
    assert addresses(acme) == {"nora@new.example"}


@pytest.mark.parametrize(
    ("email", "words"),
    [
        ("READER@acme.example", "Rita Reader has this address and is already a member."),
        ("gone@acme.example", "Reactivate them under People instead"),
        ("NORA@new.example", "nora@new.example has already been invited."),
        ("nonsense", "Enter a valid email address, such as name@example.com."),
        ("nora\0@new.example", "a character that cannot be saved"),
        ("", "This field is required."),
        (LONG, "at most 254 characters"),
    ],
)
def test_address_that_cannot_be_invited(acme, as_user, owner, invitation, email, words):
    response = as_user(owner).post(INVITE, {"email": email, "role": "emperor", "message": "kept"})
    assert response.status_code == 200
    assert any(words in error for error in response.context["form"].errors["email"])
    assert "role" in response.context["form"].errors, "All errors are shown at once."
    assert ">\nkept</textarea>" in response.content.decode()
    assert addresses(acme) == {"nora@new.example"}


@pytest.mark.parametrize(("email", "code"), [("READER@acme.example", "member"), ("gone@acme.example", "deactivated")])
def test_member_is_not_invited_by_code_either(acme, owner, email, code):
    with within(acme), pytest.raises(ValidationError) as refusal:
        changes.invite(actor=owner, email=email, role=Role.READER)
    assert refusal.value.code == code
    assert addresses(acme) == set()


def test_same_address_is_invited_in_two_organisations(globex, stranger, acme, invitation):
    with within(globex):
        changes.invite(actor=stranger, **NORA)
    assert addresses(acme) == addresses(globex) == {"nora@new.example"}


def test_admin_cannot_invite_an_owner(acme, as_user, admin):
    response = as_user(admin).post(INVITE, NORA | {"role": "owner"})
    assert "role" in response.context["form"].errors
    with within(acme), pytest.raises(PermissionDenied):
        changes.invite(actor=admin, email="nora@new.example", role=Role.OWNER)
    assert addresses(acme) == set()


@pytest.mark.parametrize("action", ["resend", "revoke"])
def test_admin_cannot_touch_the_invitation_of_an_owner(acme, as_user, admin, of_an_owner, action):
    client = as_user(admin)
    assert "boss@new.example" in (page := client.get(URL).content.decode())
    assert f"{URL}{of_an_owner.pk}/{action}/" not in page
    assert client.post(f"{URL}{of_an_owner.pk}/{action}/").status_code == 403
    assert fresh(acme, of_an_owner).nonce == of_an_owner.nonce
    assert addresses(acme) == {"boss@new.example"}


@pytest.mark.parametrize("action", ["resend", "revoke"])
def test_reader_and_editor_touch_no_invitation(acme, as_user, editor, reader, invitation, action):
    for member in (editor, reader):
        assert as_user(member).post(f"{URL}{invitation.pk}/{action}/").status_code == 403
    assert fresh(acme, invitation).nonce == invitation.nonce
    assert addresses(acme) == {"nora@new.example"}


def test_resending_renews_link_and_expiry(acme, as_user, admin, invitation, run_jobs, mailoutbox):
    with within(acme):
        Invitation.objects.update(expires=timezone.now() - timedelta(days=1))
        OutgoingMail.objects.all().delete()
    response = as_user(admin).post(f"{URL}{invitation.pk}/resend/", follow=True)
    assert said(response) == ["We sent nora@new.example a new email. The earlier link no longer works."]
    renewed = fresh(acme, invitation)
    assert renewed.nonce != invitation.nonce
    assert not renewed.is_expired
    run_jobs()
    assert mailoutbox[-1].subject == "Adam Admin invited you to Acme"


def test_resending_to_a_person_who_has_joined_says_so(acme, as_user, owner, invitation):
    with within(acme):
        User.objects.create_user("nora", "nora@new.example")
    response = as_user(owner).post(f"{URL}{invitation.pk}/resend/", follow=True)
    assert "is already a member" in response.content.decode()


def test_revoked_address_can_be_invited_again(acme, as_user, owner, invitation):
    response = as_user(owner).post(f"{URL}{invitation.pk}/revoke/", follow=True)
    assert said(response) == ["You revoked the invitation of nora@new.example."]
    assert addresses(acme) == set()
    assert as_user(owner).post(INVITE, NORA).status_code == 302


def test_of_several_the_one_that_was_clicked_is_revoked(acme, as_user, owner, invitation, of_an_owner):
    as_user(owner).post(f"{URL}{invitation.pk}/revoke/")
    assert addresses(acme) == {"boss@new.example"}


@pytest.mark.parametrize("action", ["resend", "revoke"])
def test_invitation_that_is_not_open_is_said_to_be_closed(acme, globex, stranger, as_user, owner, invitation, action):
    with within(globex):
        elsewhere = [changes.invite(actor=stranger, email=f"{n}@new.example", role="reader") for n in "ab"]
    with within(acme):
        changes.revoke(actor=owner, invitation=invitation)
    for pk in (invitation.pk, elsewhere[1].pk, 10**30):
        page = as_user(owner).post(f"{URL}{pk}/{action}/", follow=True).content.decode()
        assert "This invitation is no longer open." in page
    assert addresses(globex) == {"a@new.example", "b@new.example"}


@pytest.mark.parametrize("action", ["resend", "revoke"])
def test_links_cannot_resend_or_revoke(as_user, owner, invitation, action):
    assert as_user(owner).get(f"{URL}{invitation.pk}/{action}/").status_code == 405


def test_list_tells_open_from_expired_and_leaves_out_the_rest(acme, as_user, owner, invitation):
    with within(acme):
        now = timezone.now()
        for email, state in {
            "late@new.example": {"expires": now},
            "joined@new.example": {"accepted": now},
            "revoked@new.example": {"revoked": now},
        }.items():
            Invitation.objects.create(email=email, invited_by=owner, **state)
    page = as_user(owner).get(URL).content.decode()
    assert "nora@new.example" in page
    assert "late@new.example" in page
    assert page.count("Expired</span>") == 1
    assert "joined@new.example" not in page
    assert "revoked@new.example" not in page


def test_long_list_has_pages(acme, as_user, owner):
    with within(acme):
        rows = [Invitation(email=f"{number}@new.example", role="reader") for number in range(51)]
        Invitation.objects.bulk_create(rows)
    client = as_user(owner)
    first = client.get(URL).content.decode()
    [following] = re.findall(r'href="(\?after=\d+)" rel="next"', first)
    assert "0@new.example" in client.get(URL + following).content.decode()


@pytest.mark.parametrize("rows", [1, 3])
def test_list_costs_the_same_however_long(acme, as_user, owner, rows, django_assert_num_queries):
    with within(acme):
        for number in range(rows):
            Invitation.objects.create(email=f"{number}@new.example", invited_by=owner)
    client = as_user(owner)
    client.get(URL)
    with django_assert_num_queries(4):
        assert len(client.get(URL).context["rows"]) == rows

"""The invited person: a link becomes a member, once."""

import re
import time
from datetime import timedelta

import pytest
from allauth.account.models import EmailAddress
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection
from django.urls import reverse
from django.utils import timezone

from profiles.invitations import changes as invitations
from profiles.members import changes as members
from profiles.models import Invitation, Session, User
from profiles.models.user import usernames_wanted
from profiles.roles import Role
from profiles.testing import SiteClient
from tenants.context import as_owner, within
from tests.mails import links

NORA = {"name": "Nora  New Comer", "username": "nora", "password": "battery horse correct"}
DEAD = "This invitation no longer works"


@pytest.fixture
def invitation(acme, owner):
    with within(acme):
        return invitations.invite(actor=owner, email="nora.new@new.example", role=Role.EDITOR)


@pytest.fixture
def link(acme, invitation):
    return path(acme, invitation)


def path(tenant, invitation):
    with within(tenant):
        return reverse("accept_invitation", args=[invitation.token])


def assert_dead(client, link):
    for response in (client.get(link), client.post(link, NORA)):
        assert response.status_code == 410
        assert DEAD in (page := response.content.decode())
        assert "works once, for 7 days" in page
        assert f"· {client.tenant.name}</title>" in page
        assert "nora.new" not in page
        assert "Olga" not in page
    with within(client.tenant):
        assert not User.objects.filter(username="nora").exists()


def test_page_says_who_invites_and_proposes_a_user_name(visitor, link):
    page = visitor.get(link).content.decode()
    assert "Join Acme" in page
    assert "Olga Owner invited you" in page
    assert 'value="nora.new@new.example"' in page
    assert 'value="nora-new"' in page


def test_page_costs_two_statements(visitor, link, django_assert_num_queries):
    """The invitation with its sender, and who has the proposed username; for each app, who reserves it."""
    visitor.get(link)
    with django_assert_num_queries(2 + len(usernames_wanted.receivers)):
        visitor.get(link)


def test_invited_person_becomes_a_verified_member_and_is_signed_in(acme, globex, visitor, invitation, link):
    response = visitor.post(link, NORA)
    assert (response.status_code, response.url) == (302, "/")
    assert "Welcome to Acme." in visitor.get("/").content.decode()
    with within(acme):
        nora = User.objects.get(username="nora")
        assert (nora.first_name, nora.last_name, nora.role) == ("Nora", "New Comer", "editor")
        assert nora.check_password(NORA["password"])
        assert nora.has_perm("profiles.change_profile", nora.profile)
        address = EmailAddress.objects.get(user=nora)
        assert (address.email, address.primary, address.verified) == ("nora.new@new.example", True, True)
        assert Session.objects.filter(user=nora).count() == 1
        assert Invitation.objects.get(pk=invitation.pk).accepted
    with within(globex):
        assert not User.objects.filter(username="nora").exists()


def test_forged_fields_give_no_one_another_role_or_address(acme, visitor, link):
    visitor.post(link, NORA | {"role": "owner", "email": "owner@acme.example", "is_superuser": "1"})
    with within(acme):
        nora = User.objects.get(username="nora")
        assert (nora.role, nora.email) == ("editor", "nora.new@new.example")


def test_new_member_is_welcomed_by_mail(visitor, link, run_jobs, mailoutbox):
    run_jobs()
    visitor.post(link, NORA, headers={"host": "acme.localhost:6666"})
    run_jobs()
    welcome = mailoutbox[-1]
    assert (welcome.subject, welcome.to) == ("Welcome to Acme", ["nora.new@new.example"])
    for text in (welcome.body, welcome.alternatives[0].content):
        assert "Nora New Comer" in text
        assert "http://acme.localhost:8000/profile/" in text
    assert all(link.startswith("http://acme.localhost:8000/") for link in links(welcome))


def test_all_errors_are_shown_at_once_and_what_was_typed_is_kept(visitor, link):
    response = visitor.post(link, {"name": "", "username": "OWNER", "password": "nora.new@new"})
    errors = response.context["form"].errors
    assert response.status_code == 200
    assert set(errors) == {"name", "username", "password"}
    assert errors["username"] == ["A member already has this username. Choose another one."]
    assert errors["password"] == ["This password is too similar to your email address. Choose another one."]
    assert 'value="OWNER"' in response.content.decode()


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ({"name": "Xylophone", "password": "xylophone1"}, "too similar to your first name"),
        ({"username": "xylophone", "password": "xylophone1"}, "too similar to your username"),
    ],
)
def test_password_is_judged_beside_what_else_was_typed(visitor, link, typed, words):
    [error] = visitor.post(link, NORA | typed).context["form"].errors["password"]
    assert words in error


def test_empty_form(visitor, link):
    assert set(visitor.post(link, {"name": " "}).context["form"].errors) == {"name", "username", "password"}


@pytest.mark.parametrize("username", ["..", ".", "a/b", "a b", "x" * 151, "nul\0", ""])
def test_user_name_that_cannot_stand_in_an_address(visitor, link, username):
    response = visitor.post(link, NORA | {"username": username})
    assert response.status_code == 200
    assert set(response.context["form"].errors) == {"username"}


@pytest.mark.parametrize(
    ("field", "longest"), [("name", "N" + 149 * "a"), ("username", 150 * "n"), ("password", 250 * "abcd")]
)
def test_what_is_typed_has_an_end(visitor, link, field, longest):
    response = visitor.post(link, NORA | {field: longest + "x"})
    assert set(response.context["form"].errors) == {field}
    assert visitor.post(link, NORA | {field: longest}).status_code == 302


def test_spaces_are_part_of_a_password(acme, visitor, link):
    visitor.post(link, NORA | {"password": "  battery horse  "})
    with within(acme):
        assert User.objects.get(username="nora").check_password("  battery horse  ")


def test_a_user_name_is_what_it_looks_like(acme, visitor, link):
    """Letters of another width are the same ones."""
    visitor.post(link, NORA | {"username": "\uff4e\uff4f\uff52\uff41"})
    with within(acme):
        assert User.objects.filter(username="nora").exists()


def test_link_works_once(acme, visitor, link):
    assert visitor.post(link, NORA).status_code == 302
    again = SiteClient(acme)
    assert again.get(link).status_code == 410
    assert again.post(link, NORA | {"username": "nora2"}).status_code == 410
    with within(acme):
        assert not User.objects.filter(username="nora2").exists()


def test_link_opened_again_by_who_accepted_it_leads_home_with_a_word(visitor, link):
    visitor.post(link, NORA)
    page = visitor.get(link, follow=True)
    assert page.redirect_chain == [("/", 302)]
    assert "You have accepted this invitation already." in page.content.decode()


def test_used_link_is_dead_for_a_colleague(as_user, editor, visitor, link):
    visitor.post(link, NORA)
    assert as_user(editor).get(link).status_code == 410


def test_expired_link_is_dead(acme, visitor, link):
    with within(acme):
        Invitation.objects.update(expires=timezone.now() - timedelta(seconds=1))
    assert_dead(visitor, link)


def test_link_lasts_for_seven_days_whatever_its_row_says(acme, visitor, link, settings, monkeypatch):
    assert settings.INVITATION_DAYS == 7
    with within(acme):
        Invitation.objects.update(expires=timezone.now() + timedelta(days=30))
    end = time.time() + 7 * 86_400
    monkeypatch.setattr("django.core.signing.time.time", lambda: end - 2)
    assert visitor.get(link).status_code == 200
    monkeypatch.setattr("django.core.signing.time.time", lambda: end + 2)
    assert_dead(visitor, link)


def test_list_and_link_agree_on_the_moment_in_which_it_expires(acme, invitation, monkeypatch):
    monkeypatch.setattr(timezone, "now", lambda: invitation.expires)
    with within(acme):
        assert invitation.is_expired
        assert not Invitation.objects.by_token(invitation.token).exists()


def test_revoked_link_is_dead(acme, owner, visitor, invitation, link):
    with within(acme):
        invitations.revoke(actor=owner, invitation=invitation)
    assert_dead(visitor, link)


@pytest.mark.parametrize("verb", [members.deactivate, members.remove])
def test_link_is_dead_once_its_sender_is_shut_out(acme, owner, visitor, invitation, link, verb):
    with within(acme):
        verb(actor=User.objects.create_user("otto", role=Role.OWNER), member=owner)
    assert_dead(visitor, link)


def test_old_link_is_dead_once_it_was_sent_again(acme, owner, visitor, invitation, link):
    with within(acme):
        invitations.resend(actor=owner, invitation=invitation)
        newest = Invitation.objects.get(pk=invitation.pk)
    assert_dead(visitor, link)
    assert visitor.post(path(acme, newest), NORA).status_code == 302


def test_link_is_dead_next_door_even_where_the_row_is_the_same(acme, globex, stranger, invitation, link):
    with within(globex):
        Invitation.objects.create(
            pk=invitation.pk,
            nonce=invitation.nonce,
            email=invitation.email,
            role=invitation.role,
            invited_by=stranger,
        )
    assert_dead(SiteClient(globex), link)


@pytest.mark.parametrize("token", ["garbage", "a:b:c", "%00", "ü", "x" * 3000])
def test_garbage_is_dead(visitor, invitation, token):
    assert_dead(visitor, f"/invitations/{token}/")


def test_signed_in_member_is_asked_to_sign_out_first(acme, as_user, reader, link):
    client = as_user(reader)
    for response in (client.get(link), client.post(link, NORA)):
        assert response.status_code == 200
        assert "You are signed in as Rita Reader" in (page := response.content.decode())
        assert "This invitation is for nora.new@new.example." in page
    with within(acme):
        assert not User.objects.filter(username="nora").exists()
    response = client.post("/account/logout/", {"next": link})
    assert response.url == link
    assert client.post(link, NORA).status_code == 302


def test_token_is_neither_cached_nor_told_to_others(acme, visitor, link):
    for response in (visitor.get(link), visitor.get("/invitations/garbage/"), visitor.post(link, NORA)):
        assert response["Referrer-Policy"] == "strict-origin"
        assert "no-store" in response["Cache-Control"]


def test_form_passes_the_csrf_check_as_browsers_send_it(acme, link):
    client = SiteClient(acme, enforce_csrf_checks=True)
    [token] = re.findall(r'name="csrfmiddlewaretoken" value="(\w+)"', client.get(link).content.decode())
    assert client.post(link, NORA, headers={"origin": f"http://{acme.domain}"}).status_code == 403
    form = NORA | {"csrfmiddlewaretoken": token}
    assert client.post(link, form, headers={"origin": f"http://{acme.domain}"}).status_code == 302


@pytest.mark.parametrize(
    ("username", "email", "field"),
    [("NORA", "", "username"), ("other", "Nora.New@new.example", "email")],
)
def test_name_or_address_taken_after_the_form_looked(acme, invitation, username, email, field):
    with within(acme):
        User.objects.create_user(username, email)
        with pytest.raises(ValidationError) as refusal:
            invitations.accept(token=invitation.token, **NORA)
        assert set(refusal.value.message_dict) == {field}
        assert Invitation.objects.open().exists(), "The link can be used again, with another name."


def test_what_the_database_refuses_for_another_reason_is_no_error_of_the_form(acme, owner):
    with within(acme):
        invitation = Invitation.objects.create(email="nora@new.example", invited_by=owner)
        with as_owner(), connection.cursor() as cursor:
            cursor.execute("ALTER TABLE profiles_user ADD CHECK (username <> %s)", [NORA["username"]])
        with pytest.raises(IntegrityError):
            invitations.accept(token=invitation.token, **NORA)


def test_address_that_has_become_a_members_is_an_error_of_the_form(acme, visitor, link):
    with within(acme):
        User.objects.create_user("other", "nora.new@new.example")
    response = visitor.post(link, NORA)
    assert response.status_code == 200
    assert response.context["form"].errors["email"] == ["A member already has this email address. Sign in instead."]

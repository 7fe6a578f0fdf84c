"""A username belongs to one person: it is no address of others, and is found in any spelling."""

from importlib import import_module

import pytest
from django.apps import apps
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, transaction

from profiles.invitations.changes import accept, invite
from profiles.models import User
from profiles.testing import SiteClient
from tenants.context import as_owner, within
from tests.mails import links


@pytest.mark.parametrize("username", ["owner@acme.example", "Owner@ACME.example", "elsewhere@x.example", "mike@home"])
def test_address_of_others_is_no_user_name(acme, owner, reader, username):
    with within(acme):
        with pytest.raises(ValidationError, match="can only be your own"):
            User.objects.create_user(username, "new@acme.example")
        with pytest.raises(IntegrityError, match="user_username_own_address"), transaction.atomic():
            User.objects.filter(pk=reader.pk).update(username=username)
        invitation = invite(actor=owner, email="new@acme.example", role="reader")
        with pytest.raises(ValidationError, match="can only be your own"):
            accept(token=invitation.token, name="Mike", username=username, password="long enough")


def test_forms_say_so_at_the_field(acme, owner, as_user, visitor):
    with within(acme):
        link = invite(actor=owner, email="new@acme.example", role="reader").url
    typed = {"name": "Mike", "username": "owner@acme.example", "password": "correct battery horse"}
    assert "username" in visitor.post(link, typed).context["form"].errors
    form = {**typed, "email": "new@acme.example", "password1": "correct battery", "password2": "correct battery"}
    page = as_user(owner).post("/admin/profiles/user/add/", form)
    assert page.status_code in (200, 404)  # Where the admin is taken out.
    if page.status_code == 200:
        assert "username" in page.context["adminform"].form.errors


def test_ones_own_address_is_a_user_name(acme, owner):
    with within(acme):
        invitation = invite(actor=owner, email="mike@exämple.de", role="reader")
        mike = accept(token=invitation.token, name="Mike", username="Mike@exämple.de", password="long enough")
        assert mike.username == mike.email == "mike@xn--exmple-cua.de"
    for login in ("mike@exämple.de", "MIKE@xn--exmple-cua.de"):
        assert SiteClient(acme).post("/account/login/", {"login": login, "password": "long enough"}).status_code == 302


def test_user_name_follows_the_address(acme, reader, as_user, run_jobs, mailoutbox):
    with within(acme):
        reader.username = reader.email
        reader.save()
    browser = as_user(reader).give_password()
    browser.post("/account/email/", {"email": "rita@new.example", "action_add": ""})
    run_jobs()
    browser.post(next(link for mail in mailoutbox for link in links(mail) if "confirm" in link))
    with within(acme):
        rita = User.objects.get(pk=reader.pk)
    assert (rita.username, rita.email) == ("rita@new.example", "rita@new.example")


@pytest.mark.parametrize("spelling", ["Reader", "READER", "\uff52eader"])
def test_each_spelling_leads_to_the_one_page(as_user, owner, reader, spelling):
    browser = as_user(owner)
    response = browser.get(f"/people/{spelling}/")
    assert (response.status_code, response.url) == (302, "/people/reader/")
    assert browser.get(f"/people/{spelling}/initials.svg").status_code == 200
    assert browser.get(f"/members/{spelling}/role/").status_code == 200
    assert as_user(reader).get(f"/people/{spelling}/edit/").status_code == 200


@pytest.mark.parametrize("spelling", ["Zoë", "ZOË", "Zoe\u0308", "\uff3aoë"])
def test_each_spelling_finds_the_member_in_the_table(acme, globex, reader, spelling):
    with within(acme):
        User.objects.filter(pk=reader.pk).update(username="Zoe\u0308")
        assert User.objects.get(username__iexact=spelling) == reader
        assert (spelling == "ZOË") != User.objects.filter(username=spelling, username__in=[spelling]).exists()
    with within(globex):
        assert not User.objects.filter(username__iexact=spelling).exists()


def test_spelling_shows_no_deactivated_member(as_user, reader, gone):
    assert as_user(reader).get("/people/GONE/").status_code == 404


def test_migration_takes_borrowed_names_back(acme, owner, admin, reader):
    with as_owner(), within(acme), connection.cursor() as cursor:
        cursor.execute("ALTER TABLE profiles_user DROP CONSTRAINT user_username_own_address")
    with within(acme):
        User.objects.filter(pk=reader.pk).update(username="owner@acme.example")
        User.objects.filter(pk=admin.pk).update(username="Admin@acme.example")
        User.objects.create_user("owner-acme.example")
        import_module("profiles.migrations.0008_mend_borrowed_names").mend(apps, None)
        reader.refresh_from_db()
        admin.refresh_from_db()
    assert reader.username == f"owner-acme.example-{reader.pk}"
    assert admin.username == admin.email

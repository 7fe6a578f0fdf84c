"""A member changes the username: the former address leads on for 90 days, and no one else gets the name meanwhile."""

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone

from profiles.invitations.changes import accept
from profiles.models import Invitation, User
from profiles.renaming.changes import change
from profiles.renaming.models import MOST, FormerName
from profiles.renaming.nightly import end_former_names
from profiles.sign_in.usernames import free_username
from profiles.testing import PASSWORD
from tenants.context import within

URL = "/account/username/"


def test_reader_changes_it_and_the_former_address_leads_on(acme, globex, reader, editor, as_user, visitor):
    own = as_user(reader)
    page = own.post(URL, {"username": "rita"}, follow=True)
    assert "Your username is rita now." in page.text
    colleague = as_user(editor)
    assert colleague.get("/people/READER/?from=mail").url == "/people/rita/?from=mail"
    assert own.get("/people/reader/edit/").url == "/people/rita/edit/"
    assert colleague.post("/people/reader/edit/").status_code == 404
    assert visitor.get("/people/reader/").url.startswith("/account/login/")
    with within(globex):
        assert not FormerName.objects.exists()
        assert User.objects.filter(username="reader").exists()
    own.post(URL, {"username": "rita.reader"})
    for former in ("reader", "rita"):
        assert colleague.get(f"/people/{former}/").url == "/people/rita.reader/"
    own.post(URL, {"username": "reader"})
    assert colleague.get("/people/reader/").status_code == 200
    assert colleague.get("/people/rita/").url == "/people/reader/"
    with within(acme):
        FormerName.objects.update(until=timezone.now())
    assert colleague.get("/people/rita/").status_code == 404


def test_no_one_else_gets_it_meanwhile(acme, owner, reader, editor, as_user):
    with within(acme):
        change(member=reader, username="rita")
        token = Invitation.objects.create(email="reader@new.example", invited_by=owner).token
        assert free_username("reader@new.example") == "reader-2"
        for write in (
            lambda: User.objects.create_user("Reader", "x@acme.example"),
            lambda: User.objects.filter(pk=editor.pk).update(username="reader"),
            lambda: User.objects.bulk_create([User(username="reader", email="x@acme.example")]),
        ):
            with pytest.raises(IntegrityError), transaction.atomic():
                write()
        with pytest.raises(ValidationError, match="already has this username"):
            accept(token=token, name="Rea Der", username="reader", password=PASSWORD)
    page = as_user(editor).post(URL, {"username": "READER"})
    assert "A member had this username until recently." in page.text
    with within(acme):
        FormerName.objects.update(until=timezone.now() - timedelta(days=1))
        change(member=editor, username="reader")
        end_former_names()
        assert [row.name for row in FormerName.objects.all()] == ["EDITOR"]


@pytest.mark.parametrize("spelling", ["Zoë", "ZOË", "Zoe\u0308", "\uff3aoë"])
def test_each_spelling_of_a_former_username_leads_on(acme, reader, editor, as_user, spelling):
    with within(acme):
        change(member=reader, username="Zoë")
        change(member=reader, username="zora")
    answer = as_user(editor).get(f"/people/{spelling}/")
    assert (answer.status_code, answer["Location"]) == (302, "/people/zora/")


def test_a_member_keeps_the_last_few_names_alone(acme, reader, editor):
    """Otherwise one member could keep a hundred names from the others, by one change after the other."""
    with within(acme):
        change(member=editor, username="edda")
        for number in range(MOST + 2):
            change(member=reader, username=f"rita-{number}")
        kept = FormerName.objects.filter(member=reader).order_by("name")
        assert [row.name for row in kept] == [f"RITA-{number}" for number in range(1, MOST + 1)]
        assert FormerName.objects.kept("editor").exists()
        assert User.objects.create_user("reader", "another@acme.example").username == "reader"


@pytest.mark.parametrize("typed", ["", "owner", "OWNER", "..", "a b", "a/b", "x" * 151, "owner@acme.example", "nul\0"])
def test_a_username_that_cannot_be_is_refused(acme, reader, as_user, typed):
    page = as_user(reader).post(URL, {"username": typed})
    assert page.context["form"].errors
    with within(acme):
        assert User.objects.get(pk=reader.pk).username == "reader"
        assert not FormerName.objects.exists()


def test_own_address_can_be_it(acme, reader, as_user):
    as_user(reader).post(URL, {"username": reader.email})
    with within(acme):
        assert User.objects.get(pk=reader.pk).username == reader.email


def test_former_address_of_a_deactivated_member_tells_readers_nothing(acme, reader, editor, owner, as_user):
    with within(acme):
        change(member=editor, username="edda")
        User.objects.filter(pk=editor.pk).update(is_active=False)
    assert as_user(reader).get("/people/editor/").status_code == 404
    assert as_user(owner).get("/people/editor/").url == "/people/edda/"

"""The directory of an organisation's people."""

import re
from datetime import UTC, datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from profiles.models import Invitation, Profile, User
from profiles.testing import SiteClient
from profiles.testing.queries import of_the_core
from shared.capabilities.registry import member_marks
from tenants.context import within
from tests.profiles.people.lists import found, listed


def test_everyone_active_is_listed_with_picture_name_and_role(as_user, reader):
    response = as_user(reader).get("/people/")
    assert listed(response) == ["admin", "editor", "owner", "reader"]
    page = response.content.decode()
    for text in ("Adam Admin", '"/people/admin/"', ">AA</text>", '"members__role">Admin<'):
        assert text in page


def test_those_who_manage_find_who_is_deactivated(as_user, owner, reader, gone):
    page = as_user(owner).get("/people/", {"q": gone.username})
    assert listed(page) == ["gone"]
    assert "Deactivated</span>" in page.content.decode()
    assert found(as_user(reader), gone.username) == []
    assert "No one matches your search" in as_user(reader).get("/people/", {"q": "gone"}).content.decode()


def test_each_name_and_place_has_its_own_direction(as_user, reader, editor, acme):
    with within(acme):
        User.objects.filter(pk=editor.pk).update(first_name="محمد", last_name="الشريف")
        Profile.objects.filter(user=editor).update(location="القاهرة")
    page = as_user(reader).get("/people/", {"q": "القاهرة"}).content.decode()
    assert ' dir="auto">محمد الشريف<' in page
    assert ' dir="auto">القاهرة<' in page


def test_only_exceptions_have_a_badge(as_user, owner, gone):
    page = as_user(owner).get("/people/").content.decode()
    marks = {str(mark.label) for mark in member_marks()}
    badges = re.findall('class="badge badge--[a-z]+">([^<]+)<', page)
    assert [badge for badge in badges if badge not in marks] == ["Deactivated", "Owner"]
    assert "Active" not in page


def test_deactivated_have_a_tab(as_user, owner):
    page = as_user(owner).get("/members/deactivated/")
    assert listed(page) == ["gone"]
    assert "badge" not in page.content.decode(), "The tab says it."
    assert 'href="/people/" aria-current="true">People<' in page.content.decode()


def test_empty_tab_says_what_it_is_for(as_user, owner, gone, acme):
    with within(acme):
        gone.delete()
    assert "No one is deactivated" in as_user(owner).get("/members/deactivated/").content.decode()


def test_tabs_are_for_those_who_manage(as_user, owner, editor, acme):
    with within(acme):
        Invitation.objects.bulk_create(Invitation(email=f"{n}@new.example", role="reader") for n in range(12))
    assert "Invited (12)" in as_user(owner).get("/people/").content.decode()
    page = as_user(editor).get("/people/").content.decode()
    for text in (
        "Invited",
        "Deactivated",
        "/members/",
        '<details class="menu menu--more">',
        '<select name="role" aria',
    ):
        assert text not in page


def test_organisation_next_door_is_not_listed(as_user, reader, globex):
    with within(globex):
        User.objects.create_user("nextdoor", first_name="Nora", last_name="Nextdoor")
    client = as_user(reader)
    assert "nextdoor" not in listed(client.get("/people/"))
    assert found(client, "nextdoor") == []


def test_visitor_is_sent_to_sign_in(visitor):
    response = visitor.get("/people/")
    assert response.status_code == 302
    assert response["Location"] == "/account/login/?next=/people/"


def test_session_of_another_organisation_is_sent_to_sign_in(visitor, globex, stranger):
    visitor.cookies = SiteClient(globex).sign_in(stranger).cookies
    assert visitor.get("/people/").status_code == 302


def test_email_addresses_are_listed_for_those_who_manage(as_user, owner, editor, reader):
    assert "reader@acme.example" in as_user(owner).get("/people/").content.decode()
    for member in (editor, reader):
        assert "@acme.example" not in as_user(member).get("/people/").content.decode()


def test_only_managers_are_offered_to_invite(as_user, admin, editor):
    assert "/members/invitations/" in as_user(admin).get("/people/").content.decode()
    assert "/members/invitations/" not in as_user(editor).get("/people/").content.decode()


def test_member_whose_profile_is_missing_takes_no_page_down(as_user, reader, editor, acme):
    with within(acme):
        editor.profile.delete()
    response = as_user(reader).get("/people/")
    assert "editor" in listed(response)
    assert ">EE</text>" in response.text  # drawn initials


@pytest.mark.parametrize("rows", [1, 3])
def test_queries_do_not_grow_with_the_people(as_user, reader, acme, rows):
    with within(acme):
        User.objects.exclude(pk=reader.pk).update(is_active=False)
        User.objects.bulk_create(User(username=f"new-{number}") for number in range(rows - 1))
    client = as_user(reader)
    client.get("/people/")
    with CaptureQueriesContext(connection) as captured:
        assert len(listed(client.get("/people/"))) == rows
    assert len(of_the_core(query["sql"] for query in captured)) == 3


def test_those_who_manage_see_when_each_was_last_here(acme, as_user, owner, editor, reader):
    with within(acme):
        User.objects.filter(pk=reader.pk).update(last_seen=datetime(2026, 3, 5, 12, tzinfo=UTC))
        User.objects.filter(pk=editor.pk).update(last_login=datetime(2026, 2, 4, 12, tzinfo=UTC))
    page = as_user(owner).get("/people/").text
    assert all(words in page for words in ("Last seen", ">05/03/2026<", ">04/02/2026<", ">Never<"))
    page = as_user(reader).get("/people/").text
    assert not any(words in page for words in ("Last seen", "05/03/2026"))


def test_all_columns_say_who_invited_each_and_cost_the_same_for_any_number(as_user, owner, editor, acme):
    """They stay with search, order and page, and so with the address that a colleague gets."""
    with within(acme):
        Invitation.objects.create(email=editor.email, accepted=editor.date_joined, invited_by=owner)
    client, path = as_user(owner), "/people/?columns=all&sort=-name"
    page = client.get(path)
    [column] = [each for each in page.context["added"] if each.label == "Invited by"]
    assert column.cells == {editor.pk: "Olga Owner"}
    assert '<input type="hidden" name="columns" value="all" form="search">' in page.text
    assert 'href="?columns=all&amp;sort=role"' in page.text
    assert "Show fewer columns" in page.text
    numbers = []
    for more in (range(1), range(1, 40)):
        with within(acme):
            User.objects.bulk_create(User(username=f"m{n:02}", email=f"m{n}@acme.example") for n in more)
        client.get(path)
        with CaptureQueriesContext(connection) as captured:
            client.get(path)
        numbers.append(len(captured))
    assert numbers[0] == numbers[1]
    assert not client.get("/people/?q=edda").context["added"]

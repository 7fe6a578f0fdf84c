"""A person's page: what it shows and offers depends on who looks at it."""

from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from profiles.models import Profile, User
from profiles.testing import SiteClient
from profiles.testing.queries import of_the_core
from tenants.context import within


@pytest.fixture
def reader_with_facts(reader, acme):
    """Rita, who has told everything about herself."""
    with within(acme):
        Profile.objects.filter(user=reader).update(
            bio="I read.\n<b>All</b> day: https://books.example/?a=1",
            location="Lisbon",
            birth_date=date(1990, 3, 7),
            phone="+4930901820",
            pronouns="she/her",
            time_zone="Asia/Tokyo",
        )
    return reader


@pytest.fixture
def page_for(as_user):
    """What a person sees on a page."""

    def read(viewer: User, path: str) -> str:
        response = as_user(viewer).get(path)
        assert response.status_code == 200
        return response.content.decode()

    return read


def test_time_that_no_one_stated_is_not_shown(as_user, reader):
    assert "Local time" not in as_user(reader).get("/people/reader/").content.decode()


def test_everyone_sees_what_is_for_everyone(page_for, reader_with_facts, editor):
    page = page_for(editor, "/people/reader/")
    for text in ("<title>Rita Reader · Acme</title>", "Lisbon", "she/her", ">Tokyo<", "Reader</span>"):
        assert text in page


def test_bio_is_plain_text_with_links(page_for, reader_with_facts, editor):
    page = page_for(editor, "/people/reader/")
    assert "&lt;b&gt;All&lt;/b&gt; day" in page
    assert '<a href="https://books.example/?a=1" rel="nofollow">' in page


@pytest.mark.parametrize(
    ("viewer", "seen"),
    [("owner", True), ("admin", True), ("editor", True), ("reader", True), ("second reader", False)],
)
def test_contact_data_is_for_editors_and_above(page_for, reader_with_facts, acme, viewer, seen):
    page = page_for(member(acme, viewer), "/people/reader/")
    assert ("reader@acme.example" in page) is seen
    assert ("+49 30 901820" in page) is seen
    assert ("tel:+49-30-901820" in page) is seen


@pytest.mark.parametrize(
    ("viewer", "seen"),
    [("owner", True), ("admin", True), ("editor", False), ("reader", True), ("second reader", False)],
)
def test_year_of_birth_is_for_those_who_manage_members(page_for, reader_with_facts, acme, viewer, seen):
    page = page_for(member(acme, viewer), "/people/reader/")
    assert "7 March" in page
    assert ("1990" in page) is seen


def member(acme, username: str) -> User:
    with within(acme):
        return User.objects.get_or_create(username=username.replace(" ", "-"))[0]


def test_only_oneself_is_offered_to_edit(page_for, owner, admin, reader):
    assert "/people/reader/edit/" in page_for(reader, "/people/reader/")
    for viewer in (owner, admin):
        assert "/people/reader/edit/" not in page_for(viewer, "/people/reader/")


@pytest.mark.parametrize(
    ("viewer", "path", "offered"),
    [
        ("owner", "/people/admin/", True),
        ("owner", "/people/owner/", False),
        ("admin", "/people/reader/", True),
        ("admin", "/people/owner/", False),
        ("editor", "/people/reader/", False),
    ],
)
def test_managing_is_offered_to_those_who_may(page_for, acme, viewer, path, offered):
    assert ("Manage member" in page_for(member(acme, viewer), path)) is offered


def test_empty_profile_invites_its_owner_to_fill_it_in(page_for, reader, editor):
    assert "Tell your colleagues" in page_for(reader, "/people/reader/")
    assert "has not written anything yet" in page_for(editor, "/people/reader/")


@pytest.mark.parametrize("username", ["nobody", "nextdoor", "%00", "%00reader", "a" * 5000])
def test_unknown_username_is_not_found(as_user, owner, globex, username):
    with within(globex):
        User.objects.create_user("nextdoor")
    assert as_user(owner).get(f"/people/{username}/").status_code == 404


@pytest.mark.parametrize(("viewer", "status"), [("owner", 200), ("admin", 200), ("editor", 404), ("reader", 404)])
def test_deactivated_member_is_there_for_those_who_manage_members(as_user, acme, viewer, status):
    response = as_user(member(acme, viewer)).get("/people/gone/")
    assert response.status_code == status
    assert ("Deactivated" in response.content.decode()) is (status == 200)


def test_member_without_a_profile_has_no_page(as_user, owner, reader, acme):
    with within(acme):
        reader.profile.delete()
    assert as_user(owner).get("/people/reader/").status_code == 404


def test_visitor_is_sent_to_sign_in(visitor):
    response = visitor.get("/people/reader/")
    assert response["Location"] == "/account/login/?next=/people/reader/"


def test_session_of_another_organisation_is_sent_to_sign_in(visitor, globex, stranger):
    visitor.cookies = SiteClient(globex).sign_in(stranger).cookies
    assert visitor.get("/people/owner/").status_code == 302


def test_profile_leads_to_ones_own_page(as_user, editor, visitor):
    assert as_user(editor).get("/profile/")["Location"] == "/people/editor/"
    assert visitor.get("/profile/")["Location"] == "/account/login/?next=/profile/"


@pytest.mark.parametrize("viewer", ["reader", "owner"])
def test_number_of_queries(as_user, acme, viewer):
    """Session, viewer, and the member with profile and the viewer's permission on it."""
    client = as_user(member(acme, viewer))
    client.get("/people/reader/")
    with CaptureQueriesContext(connection) as captured:
        client.get("/people/reader/")
    assert len(of_the_core(query["sql"] for query in captured)) == 3


def test_names_are_set_in_their_own_direction(as_user, reader, acme):
    with within(acme):
        type(reader).objects.filter(pk=reader.pk).update(first_name="ليلى", last_name="حداد")
    browser = as_user(reader)
    assert '<h1 dir="auto">ليلى حداد</h1>' in browser.get("/people/reader/").content.decode()
    assert 'href="/people/reader/" dir="auto">' in browser.get("/people/").content.decode()

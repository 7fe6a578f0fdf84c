"""The directory of an organisation's people."""

import pytest

from profiles.models import User
from tenants.context import within
from tests.conftest import SiteClient


def listed(response) -> list[str]:
    return [member.username for member in response.context["page_obj"]]


def found(client, words: str) -> list[str]:
    return listed(client.get("/people/", {"q": words}))


def test_everybody_active_is_listed_with_picture_name_and_role(as_user, reader):
    response = as_user(reader).get("/people/")
    assert listed(response) == ["admin", "editor", "owner", "reader"]
    page = response.content.decode()
    for text in ("Adam Admin", '"/people/admin/"', '"/people/admin/initials.svg"', "badge--admin"):
        assert text in page


def test_deactivated_members_are_on_the_list_of_members_instead(as_user, owner, gone):
    page = as_user(owner).get("/people/", {"q": gone.username})
    assert listed(page) == []
    assert "Nobody found" in page.content.decode()


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


@pytest.mark.parametrize("words", ["edda", "EDDA", "edda editor", "editor edda", " edit ", "edi dda"])
def test_search_finds_every_word_anywhere_in_names(as_user, reader, words):
    assert found(as_user(reader), words) == ["editor"]


def test_search_finds_names_without_their_accents(as_user, reader, acme):
    with within(acme):
        User.objects.create_user("jose", first_name="José", last_name="Núñez")
    client = as_user(reader)
    assert found(client, "nunez jose") == found(client, "JOSÉ NÚÑEZ") == ["jose"]


@pytest.mark.parametrize("words", ["%", "_", "\\", "'; --", "edda zz", "\0"])
def test_search_takes_no_word_for_a_pattern(as_user, reader, words):
    expected = ["admin", "editor", "owner", "reader"] if words == "\0" else []
    assert found(as_user(reader), words) == expected


def test_search_by_email_is_for_those_who_may_see_it(as_user, reader, editor):
    assert found(as_user(reader), "acme.example") == []
    assert found(as_user(reader), "owner@acme.example") == []
    assert found(as_user(editor), "owner@acme.example") == ["owner"]
    assert "Search by name or e-mail" in as_user(editor).get("/people/").content.decode()
    assert "Search by name or e-mail" not in as_user(reader).get("/people/").content.decode()


def test_directory_shows_no_email(as_user, owner):
    assert "@acme.example" not in as_user(owner).get("/people/").content.decode()


def test_very_long_search_is_answered(as_user, reader):
    assert as_user(reader).get("/people/", {"q": "a " * 50_000}).status_code == 200


def test_list_is_sorted_as_one_reads_names(as_user, reader, acme):
    with within(acme):
        User.objects.create_user("z", first_name="Özlem")
        User.objects.create_user("Pat")
        User.objects.create_user("y", first_name="olaf")
    assert listed(as_user(reader).get("/people/")) == ["admin", "editor", "y", "owner", "z", "Pat", "reader"]


def test_pages_of_24_miss_nobody_and_repeat_nobody(as_user, reader, acme):
    with within(acme):
        User.objects.bulk_create(User(username=f"same-{number}", first_name="Same") for number in range(30))
    client = as_user(reader)
    first, second = (listed(client.get("/people/", {"page": page})) for page in (1, 2))
    assert (len(first), len(second)) == (24, 10)
    assert len({*first, *second}) == 34


@pytest.mark.parametrize("page", ["0", "-1", "x", "", "9" * 5000, "\0"])
def test_page_that_does_not_exist_is_answered_by_one_that_does(as_user, reader, page):
    assert as_user(reader).get("/people/", {"page": page}).status_code == 200


def test_search_stays_while_one_turns_pages(as_user, reader, acme):
    with within(acme):
        User.objects.bulk_create(User(username=f"same-{number}", first_name="Same") for number in range(30))
    assert "?q=same&amp;page=2" in as_user(reader).get("/people/", {"q": "same"}).content.decode()


def test_only_managers_are_offered_to_invite(as_user, admin, editor):
    assert "/members/invitations/" in as_user(admin).get("/people/").content.decode()
    assert "/members/invitations/" not in as_user(editor).get("/people/").content.decode()


def test_member_whose_profile_is_missing_takes_no_page_down(as_user, reader, editor, acme):
    with within(acme):
        editor.profile.delete()
    response = as_user(reader).get("/people/")
    assert "editor" in listed(response)
    assert "/people/editor/initials.svg" in response.content.decode()


@pytest.mark.parametrize("rows", [1, 3])
def test_queries_do_not_grow_with_the_people(as_user, reader, acme, rows, django_assert_num_queries):
    with within(acme):
        User.objects.exclude(pk=reader.pk).update(is_active=False)
        User.objects.bulk_create(User(username=f"new-{number}") for number in range(rows - 1))
    client = as_user(reader)
    client.get("/people/")
    with django_assert_num_queries(4):
        assert len(listed(client.get("/people/"))) == rows

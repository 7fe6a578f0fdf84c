"""The directory of an organisation's people."""

import re
from html import unescape

import pytest

from profiles.models import User
from profiles.testing import SiteClient
from tenants.context import within


def listed(response) -> list[str]:
    return [member.username for member in response.context["page"].rows]


def found(client, words: str) -> list[str]:
    return listed(client.get("/people/", {"q": words}))


def follow(client, response, rel: str):
    [link] = re.findall(rf'href="([^"]+)" rel="{rel}"', response.content.decode())
    return client.get("/people/" + unescape(link))


def test_everybody_active_is_listed_with_picture_name_and_role(as_user, reader):
    response = as_user(reader).get("/people/")
    assert listed(response) == ["admin", "editor", "owner", "reader"]
    page = response.content.decode()
    for text in ("Adam Admin", '"/people/admin/"', ">AA</text>", "badge--admin"):
        assert text in page


def test_deactivated_members_are_on_the_list_of_members_instead(as_user, owner, gone):
    page = as_user(owner).get("/people/", {"q": gone.username})
    assert listed(page) == []
    assert "No one matches" in page.content.decode()


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


@pytest.mark.parametrize("words", ["edda", "EDDA", "edda editor", "editor edda", " edit ", "edi edd", "e e"])
def test_search_finds_whose_names_begin_so(as_user, reader, words):
    assert found(as_user(reader), words) == ["editor"]


@pytest.mark.parametrize("words", ["dda", "edda itor", "eddaeditor"])
def test_search_finds_nobody_by_what_stands_inside_a_name(as_user, reader, words):
    assert found(as_user(reader), words) == []


@pytest.mark.parametrize("words", ["o'brien", "schmidt-meier", "schmidt, mary", "meier", "brien", "mary_ann", "ann"])
def test_search_parts_names_at_their_punctuation(as_user, reader, acme, words):
    with within(acme):
        User.objects.create_user("mary_ann", first_name="Mary", last_name="O'Brien Schmidt-Meier")
    assert found(as_user(reader), words) == ["mary_ann"]


def test_search_knows_a_new_name_at_once(as_user, reader, acme):
    with within(acme):
        User.objects.filter(pk=reader.pk).update(last_name="Newman")
    assert found(as_user(reader), "newman") == ["reader"]
    assert found(as_user(reader), "rita reader newman") == ["reader"], "The username counts as well."


def test_longest_names_of_the_widest_letters_are_kept(as_user, reader, acme):
    """NFKD makes 18 letters of this one, and an index refuses entries that are too long."""
    with within(acme):
        User.objects.create_user("wide", first_name="\ufdfa" * 150, last_name="\u3300" * 150)
    assert found(as_user(reader), "wide") == []
    assert "wide" in listed(as_user(reader).get("/people/"))


def test_search_finds_names_without_their_accents(as_user, reader, acme):
    with within(acme):
        User.objects.create_user("jose", first_name="José", last_name="Núñez")
    client = as_user(reader)
    assert found(client, "nunez jose") == found(client, "JOSÉ NÚÑEZ") == ["jose"]


@pytest.mark.parametrize("words", ["%", "_", "\\", "'; --", "edda zz", "edda | rita", "\0%"])
def test_search_takes_no_word_for_a_pattern(as_user, reader, words):
    assert found(as_user(reader), words) == []


@pytest.mark.parametrize("words", ["edda:*", "!edda", "'edda'", "edda & (editor)", "edda\0", "<-> edda"])
def test_search_takes_no_sign_for_an_operator(as_user, reader, words):
    assert found(as_user(reader), words) == ["editor"]


@pytest.mark.parametrize("words", ["", " ", "\0"])
def test_search_for_nothing_finds_everybody(as_user, reader, words):
    assert found(as_user(reader), words) == ["admin", "editor", "owner", "reader"]


def test_search_by_email_is_for_those_who_may_see_it(as_user, reader, editor):
    assert found(as_user(reader), "acme.example") == []
    assert found(as_user(reader), "owner@acme.example") == []
    assert found(as_user(editor), "owner@acme.example") == ["owner"]
    assert "Search by name or email" in as_user(editor).get("/people/").content.decode()
    assert "Search by name or email" not in as_user(reader).get("/people/").content.decode()


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
    first = client.get("/people/")
    second = follow(client, first, "next")
    assert (len(listed(first)), len(listed(second))) == (24, 10)
    assert len({*listed(first), *listed(second)}) == 34
    assert 'rel="next"' not in second.content.decode()
    back = follow(client, second, "prev")
    assert listed(back) == listed(first)
    assert 'rel="prev"' not in back.content.decode()


@pytest.mark.parametrize("link", ["after", "before"])
@pytest.mark.parametrize(
    "place",
    ["", "x", "~", "x~", "~x", "x~1.5", f"x~{10**30}", f"x~{'9' * 5000}", "\0~1", "zzz~1~1", "\U0010ffff~1"],
)
def test_place_that_leads_nowhere_is_answered_by_the_first_page(as_user, reader, link, place):
    response = as_user(reader).get("/people/", {link: place})
    assert listed(response) == ["admin", "editor", "owner", "reader"]


def test_page_starts_where_its_first_member_would_stand(as_user, reader):
    """Whoever was last on the page before may have gone meanwhile, or have another name."""
    assert listed(as_user(reader).get("/people/", {"after": "edwin ~ nobody~7"})) == ["owner", "reader"]


def test_search_stays_while_one_turns_pages(as_user, reader, acme):
    with within(acme):
        User.objects.bulk_create(User(username=f"same-{number}", first_name="Same~&") for number in range(60))
    client = as_user(reader)
    pages = [client.get("/people/", {"q": "same"})]
    pages += [follow(client, pages[0], "next")]
    pages += [follow(client, pages[1], "next")]
    assert [len(listed(page)) for page in pages] == [24, 24, 12]
    assert listed(follow(client, pages[2], "prev")) == listed(pages[1])
    assert {page.context["request"].GET["q"] for page in pages} == {"same"}


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
def test_queries_do_not_grow_with_the_people(as_user, reader, acme, rows, django_assert_num_queries):
    with within(acme):
        User.objects.exclude(pk=reader.pk).update(is_active=False)
        User.objects.bulk_create(User(username=f"new-{number}") for number in range(rows - 1))
    client = as_user(reader)
    client.get("/people/")
    with django_assert_num_queries(3):
        assert len(listed(client.get("/people/"))) == rows

"""The directory of an organisation's people."""

import re
from datetime import UTC, datetime
from html import unescape

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from profiles.models import Invitation, Profile, User
from profiles.testing import SiteClient
from profiles.testing.queries import of_the_core
from shared.capabilities.registry import member_marks
from tenants.context import within


def listed(response) -> list[str]:
    return [member.username for member in response.context["page"].rows]


def found(client, words: str) -> list[str]:
    return listed(client.get("/people/", {"q": words}))


def follow(client, response, rel: str):
    [link] = re.findall(rf'href="([^"]+)" rel="{rel}"', response.content.decode())
    return client.get("/people/" + unescape(link))


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


@pytest.mark.parametrize("words", ["edda", "EDDA", "edda editor", "editor edda", " edit ", "edi edd", "e e"])
def test_search_finds_whose_names_begin_so(as_user, reader, words):
    assert found(as_user(reader), words) == ["editor"]


@pytest.mark.parametrize("words", ["dda", "edda itor", "eddaeditor"])
def test_search_does_not_match_the_middle_of_a_name(as_user, reader, words):
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
def test_search_for_nothing_finds_everyone(as_user, reader, words):
    assert found(as_user(reader), words) == ["admin", "editor", "owner", "reader"]


def test_search_by_email_is_for_those_who_may_see_it(as_user, reader, editor):
    assert found(as_user(reader), "acme.example") == []
    assert found(as_user(reader), "owner@acme.example") == []
    assert found(as_user(editor), "owner@acme.example") == ["owner"]
    assert "Search by name, location or email" in as_user(editor).get("/people/").content.decode()
    assert "Search by name, location or email" not in as_user(reader).get("/people/").content.decode()


def test_email_addresses_are_listed_for_those_who_manage(as_user, owner, editor, reader):
    assert "reader@acme.example" in as_user(owner).get("/people/").content.decode()
    for member in (editor, reader):
        assert "@acme.example" not in as_user(member).get("/people/").content.decode()


@pytest.mark.parametrize(
    ("sort", "order"),
    [
        ("name", ["admin", "editor", "owner", "reader"]),
        ("-name", ["reader", "owner", "editor", "admin"]),
        ("role", ["admin", "editor", "owner", "reader"]),
        ("-role", ["reader", "owner", "editor", "admin"]),
        ("joined", ["owner", "admin", "editor", "reader"]),
        ("-joined", ["reader", "editor", "admin", "owner"]),
        ("password", ["admin", "editor", "owner", "reader"]),
        ("\0", ["admin", "editor", "owner", "reader"]),
    ],
)
def test_list_is_sorted_by_a_column(as_user, reader, sort, order):
    assert listed(as_user(reader).get("/people/", {"sort": sort})) == order


def test_head_of_a_column_sorts_by_it_and_the_other_way_round(as_user, owner):
    client = as_user(owner)
    head = client.get("/people/", {"q": "a"}).content.decode()
    assert re.findall('href="([?]q=a&amp;sort=[^"]+)"', head) == [
        "?q=a&amp;sort=-name",
        "?q=a&amp;sort=role",
        "?q=a&amp;sort=-joined",
    ]
    sorted_by_role = client.get("/people/", {"sort": "role"}).content.decode()
    assert 'members__role" aria-sort="ascending"><a href="?sort=-role"' in sorted_by_role
    assert '<input type="hidden" name="sort" value="role" form="search">' in sorted_by_role


@pytest.mark.parametrize("sort", ["name", "-name", "role", "-role", "joined", "-joined"])
def test_pages_in_any_order_miss_no_one_and_repeat_no_one(as_user, reader, acme, sort):
    with within(acme):
        roles = ["reader", "editor", "admin"]
        User.objects.bulk_create(User(username=f"same-{n}", first_name="Same", role=roles[n % 3]) for n in range(100))
    client = as_user(reader)
    page = client.get("/people/", {"sort": sort})
    seen = listed(page)
    for _ in range(2):
        page = follow(client, page, "next")
        seen += listed(page)
    assert len(seen) == len(set(seen)) == 104
    assert 'rel="next"' not in page.content.decode()


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("/members/", "/people/"),
        ("/members/?q=rita&role=reader&state=", "/people/?q=rita&role=reader"),
        ("/members/?state=deactivated&q=gone", "/members/deactivated/?q=gone"),
    ],
)
def test_address_of_earlier_releases_leads_on(as_user, owner, old, new):
    response = as_user(owner).get(old)
    assert (response.status_code, response["Location"]) == (301, new)


def test_very_long_search_is_answered(as_user, reader):
    assert as_user(reader).get("/people/", {"q": "a " * 50_000}).status_code == 200


def test_list_is_sorted_as_one_reads_names(as_user, reader, acme):
    with within(acme):
        User.objects.create_user("z", first_name="Özlem")
        User.objects.create_user("Pat")
        User.objects.create_user("y", first_name="olaf")
    assert listed(as_user(reader).get("/people/")) == ["admin", "editor", "y", "owner", "z", "Pat", "reader"]


def test_pages_of_50_miss_no_one_and_repeat_no_one(as_user, reader, acme):
    with within(acme):
        User.objects.bulk_create(User(username=f"same-{number}", first_name="Same") for number in range(56))
    client = as_user(reader)
    first = client.get("/people/")
    second = follow(client, first, "next")
    assert (len(listed(first)), len(listed(second))) == (50, 10)
    assert len({*listed(first), *listed(second)}) == 60
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
    """The person who was last on the page before may have gone meanwhile, or have another name."""
    assert listed(as_user(reader).get("/people/", {"after": "edwin ~ nobody~7"})) == ["owner", "reader"]


def test_search_stays_while_one_turns_pages(as_user, reader, acme):
    with within(acme):
        User.objects.bulk_create(User(username=f"same-{number}", first_name="Same~&") for number in range(112))
    client = as_user(reader)
    pages = [client.get("/people/", {"q": "same"})]
    pages += [follow(client, pages[0], "next")]
    pages += [follow(client, pages[1], "next")]
    assert [len(listed(page)) for page in pages] == [50, 50, 12]
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
def test_queries_do_not_grow_with_the_people(as_user, reader, acme, rows):
    with within(acme):
        User.objects.exclude(pk=reader.pk).update(is_active=False)
        User.objects.bulk_create(User(username=f"new-{number}") for number in range(rows - 1))
    client = as_user(reader)
    client.get("/people/")
    with CaptureQueriesContext(connection) as captured:
        assert len(listed(client.get("/people/"))) == rows
    assert len(of_the_core(query["sql"] for query in captured)) == 3


@pytest.mark.parametrize("words", ["obrien", "OBRIEN", "o'brien", "o’brien", "oʼbr", "brien", "brien o", "sean obrien"])
def test_search_needs_no_apostrophe(as_user, reader, acme, words):
    with within(acme):
        User.objects.create_user("sean", first_name="Seán", last_name="O’Brien")
        User.objects.create_user("other", first_name="Oscar", last_name="Brown")
    assert found(as_user(reader), words) == ["sean"]


def test_search_with_an_apostrophe_finds_who_is_written_without(as_user, reader, acme):
    with within(acme):
        User.objects.create_user("obrien")
    assert found(as_user(reader), "O'Brien") == ["obrien"]


@pytest.mark.parametrize(
    "words", ["lukasz sorensen", "Łukasz Sørensen", "ŁUKASZ SØRENSEN", "strasse", "straße", "aegir"]
)
def test_search_takes_letters_as_every_keyboard_has_them(as_user, reader, acme, words):
    with within(acme):
        User.objects.create_user("lukasz", first_name="Łukasz Ægir", last_name="Sørensen Straße")
    assert found(as_user(reader), words) == ["lukasz"]


@pytest.mark.parametrize("words", ["sao paulo", "SÃO", "sao edda"])
def test_search_finds_by_location(as_user, reader, editor, acme, words):
    with within(acme):
        editor.profile.location = "São Paulo"
        editor.profile.save()
    assert found(as_user(reader), words) == ["editor"]


def test_search_follows_the_location(as_user, reader, editor, acme):
    with within(acme):
        stale = User.objects.get(pk=editor.pk)
        Profile.objects.filter(user=editor).update(location="Lisbon")
        stale.save()  # Django writes every column as it was read.
        assert found(as_user(reader), "lisbon") == ["editor"]
        Profile.objects.filter(user=editor).update(location="Porto")
        assert found(as_user(reader), "lisbon") == []
        Profile.objects.filter(user=editor).update(location="")
        assert found(as_user(reader), "porto") == []


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

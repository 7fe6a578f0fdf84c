"""Order and pages of the list of people."""

import re

import pytest

from profiles.models import User
from tenants.context import within
from tests.profiles.people.lists import follow, listed


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

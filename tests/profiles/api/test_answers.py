"""What the API answers: pages of lists, what is seen, and versions."""

import json
from datetime import date

import pytest
from django.apps import apps
from django.db import connection
from django.test.utils import CaptureQueriesContext
from PIL import Image

from profiles.api.resources.people import Sort
from profiles.models import Profile, User
from profiles.people.lists import ORDERS
from tenants.context import public, within
from tenants.models import Tenant


@pytest.fixture
def crowd(acme):
    """Sixty more members of acme."""
    with within(acme):
        User.objects.bulk_create([User(username=f"m{n:02}", first_name=f"Member {n:02}") for n in range(60)])


def test_list_is_walked_by_its_next_addresses(program, admin, crowd):
    used, found, path = program(admin), [], "/members?limit=25&fields=name"
    while path:
        answer = used.call("GET", path)
        found += [each["username"] for each in answer.told["items"]]
        following = answer.told["next"]
        assert answer.get("Link") == (f'<{following}>; rel="next"' if following else None)
        path = following.partition("/api/v1")[2] if following else ""
    assert len(found) == len(set(found)) == 65


def test_walk_ends_where_the_rest_is_deleted_meanwhile(acme, program, admin, crowd):
    """The pages of people start anew there. A program would walk in circles."""
    used = program(admin)
    following = used.call("GET", "/members?limit=64").told["next"].partition("/api/v1")[2]
    with within(acme):
        User.objects.filter(username="reader").delete()
    assert used.call("GET", following).told == {"items": [], "next": None}


def test_list_of_fifty_takes_few_statements(program, admin, crowd):
    used = program(admin)
    used.call("GET", "/members")
    with public():
        Tenant.objects.exists()
    with CaptureQueriesContext(connection) as captured:
        assert len(used.call("GET", "/members?limit=50").told["items"]) == 50
    own = [each["sql"] for each in captured if not each["sql"].startswith("SELECT set_config(")]
    assert len(own) == 3, "\n".join(own)


@pytest.mark.parametrize("query", ["limit=0", "limit=101", "limit=x", "after=nowhere", "fields=password", "role=boss"])
def test_list_refuses_what_it_does_not_know(program, admin, query):
    answer = program(admin).call("GET", f"/members?{query}")
    assert answer.status_code == 422
    assert answer.told["errors"][0]["parameter"] == query.partition("=")[0]


def test_filters_and_search_are_those_of_the_page(program, admin):
    used = program(admin)
    names = {
        query: [each["username"] for each in used.call("GET", f"/members?{query}").told["items"]]
        for query in ("q=rit", "role=editor", "state=deactivated", "q=reader@acme")
    }
    assert names == {
        "q=rit": ["reader"],
        "role=editor": ["editor"],
        "state=deactivated": ["gone"],
        "q=reader@acme": ["reader"],
    }


def test_order_is_one_of_the_page(program, reader):
    assert {str(sort) for sort in Sort} == set(ORDERS)
    used = program(reader)
    first = {sort: used.call("GET", f"/people?sort={sort}&limit=1").told["items"][0]["username"] for sort in ORDERS}
    assert (first["name"], first["-name"], first["joined"]) == ("admin", "reader", "owner")
    following = used.call("GET", "/people?sort=-joined&limit=2").told["next"].partition("/api/v1")[2]
    assert used.call("GET", following).told["items"][0]["username"] == "admin"


def test_reader_finds_no_one_by_email(program, reader):
    assert program(reader).call("GET", "/people?q=owner@acme").told["items"] == []


def test_contacts_and_birth_dates_are_for_those_of_the_page(acme, program, reader, editor, admin):
    with within(acme):
        Profile.objects.filter(user__username="owner").update(phone="+4930901820", birth_date=date(1980, 3, 14))
    seen = {each.username: program(each).call("GET", "/people/owner").told for each in (reader, editor, admin)}
    assert {name: each["phone"] for name, each in seen.items()} == {
        "reader": None,
        "editor": "+4930901820",
        "admin": "+4930901820",
    }
    assert {name: each["email"] is None for name, each in seen.items()}["reader"]
    assert [each["birth_date"] for each in seen.values()] == [None, None, "1980-03-14"]
    assert {each["birthday"] for each in seen.values()} == {"03-14"}


def test_photo_is_set_shown_and_removed(program, reader, tmp_path):
    used, picture = program(reader), tmp_path / "photo.png"
    Image.new("RGB", (80, 60), "teal").save(picture)
    with picture.open("rb") as file:
        answer = used.post("/api/v1/me/photo", {"photo": file})
    assert answer.status_code == 200
    shown = used.get(json.loads(answer.content)["photo"].partition("localhost:8000")[2] + "?size=64")
    assert shown["Content-Type"] == "image/webp"
    assert b"".join(shown.streaming_content)[:4] == b"RIFF"
    assert used.call("DELETE", "/me/photo").status_code == 204
    assert used.call("GET", "/people/reader").told["photo"] is None


@pytest.mark.skipif(not apps.is_installed("tenants.files"), reason="not installed: tenants.files")
def test_photo_beyond_the_limit_of_files_is_a_conflict(program, reader, settings, tmp_path):
    settings.FILES_QUOTA, picture = 100, tmp_path / "photo.png"
    Image.new("RGB", (80, 60), "teal").save(picture)
    with picture.open("rb") as file:
        answer = program(reader).post("/api/v1/me/photo", {"photo": file})
    assert (answer.status_code, json.loads(answer.content)["code"]) == (409, "files_full")


def test_known_version_is_not_sent_again(program, reader):
    used = program(reader)
    etag = used.call("GET", "/people/editor")["ETag"]
    again = used.call("GET", "/people/editor", **{"If-None-Match": etag})
    assert (again.status_code, again.content) == (304, b"")


def test_change_of_an_older_version_is_refused(acme, program, admin):
    used = program(admin)
    etag = used.call("GET", "/members/reader")["ETag"]
    with within(acme):
        User.objects.filter(username="reader").update(role="editor")
    refused = used.call("PATCH", "/members/reader", {"role": "admin"}, **{"If-Match": etag})
    assert (refused.status_code, refused.told["code"]) == (412, "changed")
    with within(acme):
        assert User.objects.get(username="reader").role == "editor"
    etag = used.call("GET", "/members/reader")["ETag"]
    assert used.call("PATCH", "/members/reader", {"role": "admin"}, **{"If-Match": etag}).status_code == 200


def test_profile_keeps_what_is_not_sent(acme, program, reader):
    used = program(reader)
    used.call("PATCH", "/me/profile", {"bio": "Climbs.", "phone": "+4930901820", "birth_date": "1990-01-02"})
    changed = used.call("PATCH", "/me/profile", {"location": "Aarhus"}).told
    assert [changed[name] for name in ("bio", "phone", "birth_date", "location", "first_name")] == [
        "Climbs.",
        "+4930901820",
        "1990-01-02",
        "Aarhus",
        "Rita",
    ]
    assert used.call("PATCH", "/me/profile", {"birth_date": None}).told["birth_date"] is None

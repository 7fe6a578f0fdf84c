"""How the API answers: pages, versions, keys of requests, and problems of every kind."""

import json
from datetime import date

import pytest
from django.core import mail
from django.db import DatabaseError, OperationalError, connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from PIL import Image

from profiles.api.operating import gone
from profiles.api.resources.people import Sort
from profiles.models import Invitation, Profile, User
from profiles.people.lists import ORDERS
from profiles.testing import SiteClient
from tenants.context import public, within
from tenants.models import Tenant
from tenants.organisations.suspend import suspend

PROBLEM = "application/problem+json"


@pytest.fixture
def crowd(acme):
    """Sixty more members of acme."""
    with within(acme):
        User.objects.bulk_create([User(username=f"m{n:02}", first_name=f"Member {n:02}") for n in range(60)])


# --- Lists ----------------------------------------------------------------------------------------------------------


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


# --- What is seen ---------------------------------------------------------------------------------------------------


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


# --- Versions -------------------------------------------------------------------------------------------------------


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


# --- Once -----------------------------------------------------------------------------------------------------------


def test_request_with_a_key_is_done_once(acme, program, admin):
    used, key = program(admin), {"Idempotency-Key": "7f3c"}
    first = used.call("POST", "/invitations", {"email": "new@acme.example"}, **key)
    again = used.call("POST", "/invitations", {"email": "new@acme.example"}, **key)
    assert (first.status_code, first.content, first["Location"]) == (201, again.content, again["Location"])
    assert again["Idempotency-Replayed"] == "true"
    with within(acme):
        assert Invitation.objects.open().count() == 1


def test_key_is_for_one_request_of_one_token(program, admin, owner):
    used, key = program(admin), {"Idempotency-Key": "7f3c"}
    used.call("POST", "/invitations", {"email": "new@acme.example"}, **key)
    other = used.call("POST", "/invitations", {"email": "other@acme.example"}, **key)
    assert (other.status_code, other.told["code"]) == (422, "idempotency_key")
    assert program(owner).call("POST", "/invitations", {"email": "other@acme.example"}, **key).status_code == 201


def test_refusal_is_not_kept(acme, program, admin):
    used, key = program(admin), {"Idempotency-Key": "7f3c"}
    assert used.call("POST", "/members/gone/deactivate", **key).status_code == 409
    with within(acme):
        User.objects.filter(username="gone").update(is_active=True)
    assert used.call("POST", "/members/gone/deactivate", **key).status_code == 200


# --- Problems -------------------------------------------------------------------------------------------------------


def is_problem(answer, status):
    told = json.loads(answer.content)
    assert (answer.status_code, answer["Content-Type"], told["status"]) == (status, PROBLEM, status)
    assert int(answer["Content-Length"]) == len(answer.content)
    return told


@pytest.mark.parametrize(
    ("body", "kind", "status"),
    [
        ("{", "application/json", 400),
        ('{"role": NaN}', "application/json", 400),
        ('{"role": "\\ud800"}', "application/json", 400),
        ("[" * 100_000, "application/json", 400),
        (b"\xff\xfe", "application/json", 400),
        ('{"role": "' + "x" * 1_100_000 + '"}', "application/json", 413),
        ("role=reader", "application/x-www-form-urlencoded", 415),
        ('{"role": "reader"}', "", 415),
        ("{}", "application/json", 422),
        ('{"role": "boss"}', "application/json", 422),
        ('{"role": "reader", "is_superuser": true}', "application/json", 422),
        ("null", "application/json", 422),
        ('["reader"]', "application/json", 422),
    ],
)
def test_body_that_cannot_be_used(program, admin, body, kind, status):
    answer = program(admin).generic("PATCH", "/api/v1/members/reader", body, content_type=kind)
    is_problem(answer, status)


def test_each_wrong_field_is_pointed_at(program, reader):
    told = (
        program(reader)
        .call("PATCH", "/me/profile", {"birth_date": "2999-01-01", "time_zone": "Mars", "bio": "\0"})
        .told
    )
    assert {each["pointer"] for each in told["errors"]} == {"#/birth_date", "#/time_zone", "#/bio"}


def test_method_that_is_not_there(program, reader):
    answer = program(reader).call("PUT", "/people")
    is_problem(answer, 405)
    assert answer["Allow"] == "GET"


def test_owner_is_managed_on_the_page_that_asks_for_the_password(program, owner):
    answer = program(owner).call("PATCH", "/members/reader", {"role": "owner"})
    assert is_problem(answer, 403)["code"] == "password_needed"
    assert mail.outbox == []


def test_host_of_no_organisation(db):
    told = is_problem(Client(SERVER_NAME="nowhere.localhost").get("/api/v1/me"), 404)
    assert told["detail"] == "No organisation has this address."


def test_public_site_has_no_api(public_client):
    is_problem(public_client.get("/api/v1/me"), 404)


def test_host_that_is_none(db):
    is_problem(Client(SERVER_NAME="evil.example").get("/api/v1/me"), 400)


def test_suspended_organisation(acme, program, owner):
    used = program(owner)
    suspend(acme)
    assert is_problem(used.call("GET", "/me"), 403)["detail"] == "This organisation is suspended."


def test_organisation_that_is_being_migrated(acme, program, owner):
    used = program(owner)
    with public():
        Tenant.objects.filter(pk=acme.pk).update(fingerprint="older")
    answer = used.call("GET", "/me")
    is_problem(answer, 503)
    assert answer["Retry-After"] == "60"


def failing(error):
    """Have the list of people fail so in the database."""

    def execute(run, sql, *arguments):
        if "sort_name" in sql:
            raise error
        return run(sql, *arguments)

    return connection.execute_wrapper(execute)


def test_database_that_is_gone(program, owner):
    used = program(owner)
    used.raise_request_exception = False
    with failing(OperationalError()):
        answer = used.call("GET", "/people")
    is_problem(answer, 503)
    assert answer["Retry-After"] == "60"


def test_mistake_of_ours_shows_nothing(program, owner, settings):
    settings.DEBUG = True
    used = program(owner)
    used.raise_request_exception = False
    with failing(ZeroDivisionError("secret")):
        answer = used.call("GET", "/people")
    assert "secret" not in str(is_problem(answer, 500))


@pytest.mark.parametrize("error", [DatabaseError("did not affect any rows"), User.DoesNotExist()])
def test_member_who_is_removed_while_their_request_is_at_work(acme, reader, rf, error):
    request = rf.patch("/api/v1/me/profile")
    request.user = reader
    with within(acme):
        User.objects.filter(pk=reader.pk).delete()
        assert gone(request, error).status_code == 401


def test_problem_keeps_the_headers_of_security(program, reader):
    answer = program(reader).call("GET", "/nothing")
    assert answer["Content-Security-Policy"]
    assert answer["Cache-Control"] == "private, no-cache"
    assert "Authorization" in answer["Vary"]


def test_what_is_found_may_not_be_kept_by_others(program, reader):
    assert program(reader).call("GET", "/people")["Cache-Control"] == "private, no-cache"


def test_wrong_scheme_is_told_the_right_one(acme):
    answer = SiteClient(acme).get("/api/v1/me", headers={"Authorization": "Basic b3duZXI6eA=="})
    assert "Bearer" in is_problem(answer, 401)["detail"]


def test_pages_beside_the_api_stay_pages(visitor):
    assert visitor.get("/apiary/").status_code == 404
    assert visitor.get("/apiary/")["Content-Type"].startswith("text/html")

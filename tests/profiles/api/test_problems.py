"""Whatever goes wrong below /api/, the answer is a problem in JSON."""

import json

import pytest
from django.core import mail
from django.db import DatabaseError, OperationalError, connection
from django.test import Client

from profiles.api.operating import gone
from profiles.models import User
from profiles.testing import SiteClient
from tenants.context import public, within
from tenants.models import Tenant
from tenants.organisations.suspend import suspend

PROBLEM = "application/problem+json"


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
        ('{"role": 1e999}', "application/json", 400),
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


@pytest.mark.parametrize(("allowed", "status"), [("*", 404), (".localhost", 400)])
def test_host_that_is_none(db, settings, allowed, status):
    """A capability may allow all of them."""
    settings.ALLOWED_HOSTS = [allowed]
    is_problem(Client(SERVER_NAME="evil.example").get("/api/v1/me"), status)


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

"""A log line has the tenant, the user and the request id, and no person's address."""

import json
import logging
from typing import Any

import pytest
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.test import RequestFactory
from django.urls import path
from django.utils.functional import SimpleLazyObject

from profiles.testing import SiteClient, person
from shared import request_ids
from shared.log_lines import JsonFormatter
from shared.secret_paths import cleaned
from tenants.context import public, within
from tenants.isolation.log import about
from tenants.tasks import tenant_task
from tests.security.logs import AccessLog

WELL = "proxy-0001"


@tenant_task(name="tests.security.say")
def say() -> None:
    logging.getLogger("shop").info("Delivered.")


def order(request: HttpRequest) -> HttpResponse:
    say.defer()
    logging.getLogger("shop").info("Ordered by %s.", request.user.email)  # type: ignore[union-attr]
    return HttpResponse()


@login_not_required
def fail(request: HttpRequest, token: str) -> HttpResponse:
    raise ValueError(f"{request.path} of nora@new.example, {token}")


urlpatterns = [path("order/", order), path("invitations/<str:token>/", fail)]


def line_with(text: str, words: str) -> str:
    (line,) = (line for line in text.splitlines() if words in line)
    return line


def test_a_member_is_named_by_primary_key_and_never_by_address(acme, lines, settings):
    settings.ROOT_URLCONF = __name__
    reader = person(acme, "reader")
    response = SiteClient(acme).sign_in(reader).get("/order/", headers={"X-Request-ID": WELL})
    assert response["X-Request-ID"] == WELL
    written = line_with(lines.getvalue(), "Ordered")
    assert f" {acme.schema_name} acme.localhost {WELL} {reader.pk} shop Ordered by ***." in written
    assert reader.email not in lines.getvalue()


def test_a_line_does_not_look_up_who_it_is(lines):
    def refuse() -> None:
        raise AssertionError("A line of the log asked for the member.")

    request = RequestFactory().get("/")
    request.user = SimpleLazyObject(refuse)  # type: ignore[assignment]
    with about(request):
        logging.getLogger("shop").info("Browsed.")
    assert " - shop Browsed." in lines.getvalue()


@pytest.mark.parametrize(
    "given", ["", "short", "x" * 65, "a b c d e f", "ann@acme.example", "id\r\nSet-Cookie: a=b", "١٢٣٤٥٦٧٨"]
)
def test_an_id_that_is_not_well_formed_is_replaced(acme, lines, given):
    response = SiteClient(acme).get("/account/login/", HTTP_X_REQUEST_ID=given)
    assert response["X-Request-ID"] != given
    assert request_ids.WELL_FORMED.fullmatch(response["X-Request-ID"])
    assert not given or given not in lines.getvalue()


def test_refusals_and_unknown_hosts_have_an_id_too(db, acme):
    for host, headers in [("nobody.localhost", {}), ("a b", {}), ("localhost", {"content-length": "99999999999"})]:
        assert request_ids.WELL_FORMED.fullmatch(
            SiteClient(acme).get("/", headers={"host": host, **headers})["X-Request-ID"]
        )


def test_a_job_logs_the_id_of_the_request_that_queued_it(acme, lines, settings, run_jobs):
    settings.ROOT_URLCONF = __name__
    SiteClient(acme).sign_in(person(acme, "reader")).get("/order/", headers={"X-Request-ID": WELL})
    assert request_ids.current() == "-"
    assert run_jobs() == 1
    assert f" INFO {acme.schema_name} - {WELL} - shop Delivered." in lines.getvalue()
    assert request_ids.current() == "-"


def test_a_job_that_no_request_has_queued_has_no_id(acme, lines, run_jobs):
    with within(acme):
        say.defer()
    with public():
        say.task.configure().defer(schema_name=acme.schema_name, arguments={})  # as an earlier release wrote it
    assert run_jobs() == 2
    assert lines.getvalue().count(f" INFO {acme.schema_name} - - - shop Delivered.") == 2


# --- Tracebacks -------------------------------------------------------------------------------------------------------


def test_a_refused_request_is_one_line(acme, as_user, reader, lines):
    """With a traceback, anyone could fill the log."""
    assert as_user(reader).get("/settings/").status_code == 403
    assert as_user(reader).get("/people/nobody/").status_code == 404
    assert SiteClient(acme).get("/", headers={"host": "a b"}).status_code == 400
    assert [line.split()[2] for line in lines.getvalue().splitlines()] == ["WARNING", "WARNING", "ERROR"]


def test_but_not_where_a_developer_wants_to_know_where(as_user, reader, lines, settings):
    settings.DEBUG = True
    assert as_user(reader).get("/settings/").status_code == 403
    assert "PermissionDenied" in lines.getvalue()


def test_a_fault_has_its_traceback(acme, lines, settings):
    settings.ROOT_URLCONF = __name__
    client = SiteClient(acme, raise_request_exception=False)
    assert client.get("/invitations/secret-token-of-nora/").status_code == 500
    assert "ValueError" in lines.getvalue()


# --- As JSON ----------------------------------------------------------------------------------------------------------


@pytest.fixture
def as_json(lines) -> Any:
    (handler,) = (each for each in logging.getLogger().handlers if each.name == "stderr")
    before, handler.formatter = handler.formatter, JsonFormatter()
    yield lambda: [json.loads(line) for line in lines.getvalue().splitlines()]
    handler.formatter = before


def test_each_line_is_one_object_without_secrets(acme, as_json, settings):
    settings.ROOT_URLCONF = __name__
    client = SiteClient(acme, raise_request_exception=False)
    response = client.get("/invitations/secret-token-of-nora/", headers={"X-Request-ID": WELL})
    assert response.status_code == 500
    (error,) = (each for each in as_json() if each["logger"] == "django.request")
    where_from = {"tenant": acme.schema_name, "host": "acme.localhost", "request_id": WELL}
    assert (
        error.items() >= {**where_from, "level": "ERROR", "message": "Internal Server Error: /invitations/***"}.items()
    )
    assert error["time"].endswith("+00:00")
    assert "ValueError" in error["traceback"]
    assert "\n" in error["traceback"]
    assert not [each for each in as_json() if "secret-token" in str(each) or "nora@" in str(each)]


def test_gunicorns_lines_are_objects_too(acme, monkeypatch, settings):
    monkeypatch.setenv("LOG_FORMAT", "json")
    settings.ROOT_URLCONF = __name__
    access = AccessLog()
    reader = person(acme, "reader")
    agent = 'A "browser" of /invitations/secret-token/'
    client = SiteClient(acme).sign_in(reader)
    headers = {"host": "acme.localhost", "X-Request-ID": WELL, "user-agent": agent}
    access.note(client.get("/order/", {"email": "a@b.example"}, headers=headers))
    written = {each["logger"]: each for each in map(json.loads, access.text.getvalue().splitlines())}
    request, error = written["gunicorn.access"], written["gunicorn.error"]
    whose = {"tenant": acme.schema_name, "host": "acme.localhost", "request_id": WELL, "user": str(reader.pk)}
    figures = {"status": 200, "bytes": 0, "ms": 7, "client": "127.0.0.1"}
    assert request.items() >= {**whose, **figures, "message": "GET /order/?email=*** HTTP/1.1"}.items()
    assert request["user_agent"].endswith("of /invitations/***")
    assert "ValueError" in error["traceback"]


def test_a_path_of_any_letters_has_its_line(acme):
    """Django writes the path as text into what gunicorn logs later."""
    access = AccessLog()
    access.note(SiteClient(acme).get("/中/b%C3%BCcher/?q=%E4%B8%AD"))
    assert '"GET /%E4%B8%AD/b%C3%BCcher/?q=%E4%B8%AD HTTP/1.1" 404 ' in access.text.getvalue()


def test_a_long_line_is_cleaned_in_no_time():
    assert cleaned("@a" * 100_000).startswith("@a")
    assert cleaned("x" * 200_000 + "@") == "x" * 200_000 + "@"
    assert (
        cleaned("Key (email)=(Ann.B+c@Acme.example) exists, a%40b.example too") == "Key (email)=(***) exists, *** too"
    )

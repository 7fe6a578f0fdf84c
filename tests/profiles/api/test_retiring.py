"""What ends says so: in the headers of each answer, and in the document."""

from datetime import date

import pytest

from profiles.api.document import completed
from profiles.api.v1 import api

SINCE, UNTIL = date(2028, 1, 1), date(2029, 1, 1)
V2, PHOTO = "https://docs.acme.example/v2", "https://docs.acme.example/photo"


@pytest.fixture
def ending(settings):
    settings.API_RETIRING = {"/api/v1/": (SINCE, UNTIL, V2), "/api/v1/me/photo": (SINCE, date(2028, 7, 1), PHOTO)}


def test_answers_of_a_version_that_ends_say_so(ending, program, reader, as_user):
    answers = [program(reader).call("GET", path) for path in ("/me", "/nothing", "/openapi.json")]
    for answer in answers:
        assert answer["Deprecation"] == "@1830297600"
        assert answer["Sunset"] == "Mon, 01 Jan 2029 00:00:00 GMT"
        assert answer["Link"] == f'<{V2}>; rel="deprecation"; type="text/html"'
    assert "Deprecation" not in as_user(reader).get("/people/")


def test_next_page_is_still_named(ending, program, admin):
    """Two links in one header."""
    answer = program(admin).call("GET", "/members?limit=1")
    assert f'<{answer.told["next"]}>; rel="next"' in answer["Link"]
    assert 'rel="deprecation"' in answer["Link"]


def test_operation_may_end_before_its_version(ending, program, reader):
    assert program(reader).call("DELETE", "/me/photo")["Sunset"] == "Sat, 01 Jul 2028 00:00:00 GMT"


def test_what_goes_on_says_nothing(program, reader):
    answer = program(reader).call("GET", "/me")
    assert {"Deprecation", "Sunset"}.isdisjoint(answer.headers)


def test_document_marks_it(settings):
    settings.API_RETIRING = {"/api/v1/me/photo": (SINCE, UNTIL, PHOTO)}
    paths = completed(api.get_openapi_schema(path_prefix="/api/v1/"))["paths"]
    marked = {path for path, methods in paths.items() for each in methods.values() if each.get("deprecated")}
    assert marked == {"/api/v1/me/photo"}

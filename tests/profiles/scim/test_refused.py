"""What no directory should send: 400 in SCIM's form, never 500. And what a token is not good for."""

import json
from typing import Any

import pytest
from django.apps import apps
from django.db import connection
from django.test.utils import CaptureQueriesContext

from profiles.api.changes import Wishes
from profiles.api.changes import issue as issue_api_token
from profiles.models import User
from profiles.scim import changes
from profiles.scim.models import Account
from profiles.testing import SiteClient
from tenants.context import within
from tests.profiles.api.conftest import Program
from tests.profiles.scim.conftest import PATCH, USER, Provisioner, connect

PERSON = {"schemas": [USER], "userName": "n@acme.example", "emails": [{"value": "n@acme.example"}]}
BODIES = [
    b"",
    b"\xff\xfe",
    b"{",
    b"[]",
    b"null",
    b'"text"',
    b"[" * 100_000,
    b'{"a":' * 100_000,
    b'{"userName": NaN}',
    b'{"userName": 1' + b"0" * 5000 + b"}",
    json.dumps(PERSON | {"userName": "a\0b"}).encode(),
    json.dumps(PERSON | {"userName": "\ud800"}).encode(),
    json.dumps(PERSON | {"userName": ["x"]}).encode(),
    json.dumps(PERSON | {"userName": "x" * 300}).encode(),
    json.dumps(PERSON | {"externalId": "x" * 300}).encode(),
    json.dumps(PERSON | {"emails": "x"}).encode(),
    json.dumps(PERSON | {"emails": [{"value": "no address"}]}).encode(),
    json.dumps(PERSON | {"emails": [{"value": {"a": 1}}]}).encode(),
    json.dumps(PERSON | {"name": {"givenName": "www.evil.example"}}).encode(),
    json.dumps(PERSON | {"name": {"givenName": "x" * 200}}).encode(),
    json.dumps(PERSON | {"name": 7}).encode(),
    json.dumps(PERSON | {"active": "perhaps"}).encode(),
    json.dumps({"userName": None}).encode(),
    json.dumps({"userName": "no-address"}).encode(),
]
OPERATIONS: list[Any] = [
    None,
    [],
    {},
    [None],
    [{"op": "explode"}],
    [{"op": "remove"}],
    [{"op": "replace", "path": "userName", "value": {"a": 1}}],
    [{"op": "replace", "path": "userName"}],
    [{"op": "remove", "path": "userName"}],
    [{"op": "replace", "path": "emails[", "value": "x"}],
    [{"op": "replace", "path": "emails[type eq", "value": "x"}],
    [{"op": "replace", "path": "x" * 10_000, "value": [[[[]]]]}, {"op": "add", "path": "name.givenName", "value": 7}],
    [{"op": "replace", "path": "id", "value": "1"}],
    [{"op": "replace", "value": "text"}],
    [{"op": "replace", "path": 'emails[type eq "work"].value', "value": ""}],
    [{"op": "add", "path": "emails", "value": [{"value": "a@b.cc", "primary": True}, {"value": "c@b.cc"}] * 500}],
]
QUERIES = [
    "filter=userName",
    "filter=userName eq",
    "filter=" + "(" * 900,
    "filter=" + "not (" * 150 + 'userName eq "a"' + ")" * 150,
    'filter=userName sw "a"',
    'filter=password eq "a"',
    "filter=not (active eq true)",
    "filter=userName pr",
    "filter=x" + "a" * 2000,
    "count=many",
    "startIndex=1e9",
]
# They find none, and are no fault.
EMPTY = [
    'filter=userName eq "\\u0000"',
    'filter=id eq "1; drop"',
    f'filter=id eq "{"9" * 99}"',
    "startIndex=" + "9" * 99,
]


def statements(sent):
    """How many, without those that tell the connection which organisation it is in."""
    return len([each for each in sent if "set_config" not in each["sql"]])


def refused(answer, status=400):
    assert answer.status_code == status, answer.content[:300]
    assert answer["Content-Type"] == "application/scim+json"
    assert (answer.told["status"], answer.told["schemas"][0][-5:]) == (str(status), "Error")
    return True


@pytest.mark.slow
def test_odd_bodies_are_refused_and_change_nothing(directory, acme, reader):
    entra = directory()
    with within(acme):
        before = [*User.objects.order_by("pk").values()]
    for body in BODIES:
        assert refused(entra.call("POST", "Users", body)), body[:50]
        answer = entra.call("PUT", f"Users/{reader.pk}", body)
        assert answer.status_code in (200, 400), body[:50]
        if answer.status_code == 200:  # a PUT may leave out what a POST may not
            pytest.fail(f"{body[:80]!r} replaced a user")
    for operations in OPERATIONS:
        answer = entra.call("PATCH", f"Users/{reader.pk}", {"schemas": [PATCH], "Operations": operations})
        assert answer.status_code in (400, 204, 200), (operations, answer.content)
        assert answer.status_code == 400 or "emails" in json.dumps(operations), operations
    with within(acme):
        User.objects.filter(pk=reader.pk).update(email=reader.email)
        assert [*User.objects.order_by("pk").values()] == before


def test_body_over_the_limit_is_refused(directory, settings):
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 1000
    assert refused(directory().add("Nora New", title="x" * 2000), 413)


def test_odd_queries_are_refused(directory):
    entra = directory()
    for query in QUERIES:
        name, _, value = query.partition("=")
        response = entra.get("/scim/v2/Users", {name: value})
        response.told = json.loads(response.content)
        assert refused(response), query
    for query in EMPTY:
        name, _, value = query.partition("=")
        response = entra.get("/scim/v2/Users", {name: value})
        assert response.status_code == 200, query
        assert not json.loads(response.content).get("Resources"), query


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "Users/0x1", 404),
        ("GET", "Users/" + "9" * 40, 404),
        ("GET", "Users/%00", 404),
        ("GET", "Printers", 404),
        ("GET", "nothing/at/all", 404),
        ("POST", "Bulk", 404),
        ("PUT", "Users", 405),
        ("POST", "ServiceProviderConfig", 405),
        ("GET", "Schemas?filter=id", 403),
        ("GET", "Schemas/nothing", 404),
    ],
)
def test_errors_have_the_form_of_scim(directory, method, path, status):
    assert refused(directory().call(method, path), status)


def test_token_is_good_in_one_place_only(acme, owner, directory):
    entra = directory()
    assert Program(acme, entra.text).call("GET", "/me").status_code == 401
    with within(acme):
        _token, text = issue_api_token(member=owner, wishes=Wishes("Script", ["write"]))
    assert refused(Provisioner(acme, text).call("GET", "Users"), 401)
    assert refused(Provisioner(acme, "").call("GET", "Users"), 401)
    assert SiteClient(acme).sign_in(owner).get("/scim/v2/Users").status_code == 401


def test_neighbours_token_is_refused_like_an_unknown_one(acme, globex, reader):
    """Same words, same statements; with the same primary keys and externalIds in both organisations."""
    ours, theirs = Provisioner(acme, connect(acme)), Provisioner(globex, connect(globex))
    pk = reader.pk
    for each in (ours, theirs):
        assert each.change(f"Users/{pk}", {"op": "add", "path": "externalId", "value": "e-1"}).status_code == 200
    with within(globex):
        User.objects.filter(pk=pk).update(last_name="Globex")
    told = []
    for text in (theirs.text, changes.texts.make(5)):
        with CaptureQueriesContext(connection) as sent:
            answer = Provisioner(acme, text).change(f"Users/{pk}", {"op": "replace", "path": "active", "value": False})
        told.append((answer.status_code, answer.content, statements(sent)))
    assert told[0] == told[1]
    assert told[0][0] == 401
    assert ours.call("GET", f"Users/{pk}").told["name"]["familyName"] == reader.last_name
    assert ours.found('externalId eq "e-1"') == theirs.found('externalId eq "e-1"') == [str(pk)]
    assert ours.call("DELETE", f"Users/{pk}").status_code == 204
    with within(globex):
        assert Account.objects.get(external_id="e-1").member.is_active


def test_token_has_a_limit_of_its_own(directory, settings):
    settings.LIMITS = settings.LIMITS | {"scim": {"token": (2, 60)}}
    entra = directory()
    assert [entra.call("GET", "Users").status_code for _ in range(3)] == [200, 200, 429]
    assert entra.call("GET", "Users")["Retry-After"]


def test_service_without_its_role_changes_nothing(directory, acme, reader):
    entra = directory()
    with within(acme):
        User.objects.filter(first_name="SCIM").update(role="editor")
    assert refused(entra.call("GET", "Users"), 403)
    assert refused(entra.call("DELETE", f"Users/{reader.pk}"), 403)


def test_list_of_a_hundred_takes_as_many_statements_as_one_of_five(directory, acme):
    entra = directory()
    entra.call("GET", "Users")
    counts = []
    for number in (95, 1):
        with CaptureQueriesContext(connection) as sent:
            assert entra.call("GET", "Users").status_code == 200
        counts.append(statements(sent))
        with within(acme):
            User.objects.bulk_create(
                [
                    User(username=f"m{number}-{n}", email=f"m{number}-{n}@acme.example", password="!")
                    for n in range(number)
                ]
            )
    # The token, its limit, the directory, the members, and their groups.
    expected = 4 + apps.is_installed("profiles.scim_groups")
    assert counts == [expected, expected]

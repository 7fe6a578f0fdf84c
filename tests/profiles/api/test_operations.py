"""Who gets what by the API: every operation, for a token of everyone (<app>/testing/operations.txt)."""

import json
from typing import Any

import pytest
from django.db import transaction

from profiles.api.changes import Wishes, issue, issue_service
from profiles.api.urls import operations
from profiles.api.v1 import document
from profiles.testing import facts, person
from profiles.testing.matrix import World, base
from tenants.context import within
from tenants.models import Tenant
from tests.profiles.api.conftest import Program

TABLE = [row.words for row in facts.rows("operations.txt")]
WHO = ["reader", "editor", "admin", "owner", "service", "reading", "stranger", "gone", "none"]


@pytest.fixture(scope="module")
def texts(world: World) -> dict[str, str]:
    """Everyone's token. The stranger's has equal rows about equal people of another organisation."""
    found = {"none": ""}
    acme, globex = world.acme, Tenant.objects.get(slug="globex")
    with within(acme):
        for who in ("reader", "editor", "admin", "owner"):
            found[who] = issue(member=person(acme, who), wishes=Wishes(who, ["write"]))[1]
        found["reading"] = issue(member=person(acme, "admin"), wishes=Wishes("reading", ["read"]))[1]
        found["service"] = issue_service(actor=person(acme, "owner"), role="admin", wishes=Wishes("Robot", ["write"]))[
            1
        ]
        gone = person(acme, "gone")
        gone.is_active = True
        gone.save()
        found["gone"] = issue(member=gone, wishes=Wishes("gone", ["write"]))[1]
        type(gone).objects.filter(pk=gone.pk).update(is_active=False)  # as no receiver sees it
    with within(globex):
        found["stranger"] = issue(member=person(globex, "owner"), wishes=Wishes("owner", ["write"]))[1]
    return found


def body_of(method: str, name: str) -> Any:
    bodies = {key: body for pages in facts.pages() for key, body in getattr(pages, "BODIES", {}).items()}
    return bodies.get((method, base(name)))


@pytest.mark.parametrize("row", TABLE, ids=lambda row: f"{row[0]} {row[1]}")
def test_access(row, world, texts, acme):
    method, name, *expected = row
    path, found = world.path("organisation", f"api-v1:{name}"), []
    for who in WHO:
        with transaction.atomic():
            program = Program(acme, texts[who])
            if (method, name) == ("POST", "my_photo"):
                answer = program.post(path, {})
            else:
                answer = program.call(method, path.removeprefix("/api/v1"), body_of(method, name))
            transaction.set_rollback(True)
        found.append(str(answer.status_code))
        assert answer.status_code < 400 or answer["Content-Type"] == "application/problem+json"
    assert found == expected, f"{method} {name} answered: {' '.join(found)}"


def test_every_operation_has_a_row():
    there = {str(each.name) for each in operations()}
    assert {base(name) for _method, name, *_ in TABLE} == there, (
        "Say in testing/operations.txt of its app who gets what."
    )
    assert len({(method, base(name)) for method, name, *_ in TABLE}) == sum(map(len, document()["paths"].values()))


def test_a_session_is_worth_nothing(as_user, owner):
    answer = as_user(owner).get("/api/v1/me")
    assert answer.status_code == 401
    assert answer["WWW-Authenticate"].startswith("Bearer")
    assert json.loads(answer.content)["status"] == 401

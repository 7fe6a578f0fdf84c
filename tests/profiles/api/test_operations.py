"""Who gets what by the API: every operation, for a token of everyone (profiles/api/testing/operations.txt)."""

import json
import re
from typing import Any

import pytest
from django.apps import apps
from django.db import transaction

from profiles.api.changes import Wishes, issue, issue_service
from profiles.api.urls import operations
from profiles.api.v1 import document
from profiles.models import Invitation
from profiles.testing import facts, person
from tenants.context import within
from tests.profiles.api.conftest import Program

TABLE = [line.split() for line in facts.lines(apps.get_app_config("api"), "operations.txt")]
WHO = ["reader", "editor", "admin", "owner", "service", "reading", "stranger", "gone", "none"]
BODIES: dict[tuple[str, str], Any] = {
    ("PATCH", "my_profile"): {"location": "Copenhagen"},
    ("PATCH", "member"): {"role": "editor"},
    ("POST", "invitations"): {"email": "another@acme.example"},
    ("PATCH", "organisation"): {"name": "Acme Rockets"},
}


def texts(acme, globex) -> dict[str, str]:
    """Everyone's token. Those of the stranger and of the reader have equal rows about equal people, next door."""
    found = {}
    with within(acme):
        for who in ("reader", "editor", "admin", "owner"):
            found[who] = issue(member=person(acme, who), wishes=Wishes(who, ["write"]))[1]
        found["reading"] = issue(member=person(acme, "admin"), wishes=Wishes("reading", ["read"]))[1]
        owner, gone = person(acme, "owner"), person(acme, "gone")
        found["service"] = issue_service(actor=owner, role="admin", wishes=Wishes("Robot", ["write"]))[1]
        gone.is_active = True
        gone.save()
        found["gone"] = issue(member=gone, wishes=Wishes("gone", ["write"]))[1]
        type(gone).objects.filter(pk=gone.pk).update(is_active=False)  # as no receiver sees it
    with within(globex):
        found["stranger"] = issue(member=person(globex, "owner"), wishes=Wishes("owner", ["write"]))[1]
    return found | {"none": ""}


def path_of(name: str, invitation: Invitation) -> str:
    """`member(owner)` is the address `member` about the owner."""
    base, _, about = name.rstrip(")").partition("(")
    route = next(str(each.pattern) for each in operations if each.name == base)
    filled = route.replace("<username:username>", about or "reader").replace("<int:id>", str(invitation.pk))
    return f"/{filled}"


@pytest.mark.parametrize("row", TABLE, ids=lambda row: f"{row[0]} {row[1]}")
def test_access(row, acme, globex):
    method, name, *expected = row
    with within(acme):
        invitation = Invitation.objects.create(email="new@acme.example", invited_by=person(acme, "owner"))
    found = []
    for text in (texts(acme, globex)[who] for who in WHO):
        with transaction.atomic():
            program = Program(acme, text)
            body = BODIES.get((method, name.partition("(")[0]))
            if name == "my_photo" and method == "POST":
                answer = program.post("/api/v1/me/photo", {})
            else:
                answer = program.call(method, path_of(name, invitation), body)
            transaction.set_rollback(True)
        found.append(str(answer.status_code))
        assert answer.status_code < 400 or answer["Content-Type"] == "application/problem+json"
    assert found == expected, f"{method} {name} answered: {' '.join(found)}"


def in_document(pattern: str) -> str:
    """The path of an address as the document has it."""
    return "/api/v1/" + re.sub(r"<\w+:(\w+)>", r"{\1}", pattern)


def test_every_operation_has_a_row():
    listed = {(method, name.partition("(")[0]) for method, name, *_ in TABLE}
    names = {in_document(str(each.pattern)): each.name for each in operations}
    there = {(method.upper(), names[path]) for path, methods in document()["paths"].items() for method in methods}
    assert there == listed, "Say in profiles/api/testing/operations.txt who gets what."


def test_a_session_is_worth_nothing(as_user, owner):
    answer = as_user(owner).get("/api/v1/me")
    assert answer.status_code == 401
    assert answer["WWW-Authenticate"].startswith("Bearer")
    assert json.loads(answer.content)["status"] == 401

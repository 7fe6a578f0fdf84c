"""Someone else's tool plays what the OpenAPI document promises: schemathesis, with a token of each role.

Each answer has to be one that the document allows: status, type, headers and schema. `HOSTILE=500` plays more.
"""

import os
from typing import Any

import pytest
import requests
import schemathesis
from django.db import transaction
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from schemathesis import GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.core.transport import Response
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)
from schemathesis.transport.requests import REQUESTS_TRANSPORT

from profiles.api.changes import Wishes, issue_service
from profiles.api.v1 import document
from profiles.models import Invitation
from tenants.context import within
from tests.daily import part_each_day
from tests.profiles.api.conftest import Program

EXAMPLES = int(os.environ.get("HOSTILE", "6"))
ROLES = ["owner", "admin", "editor", "reader", "service"]
SCHEMA = schemathesis.openapi.from_dict(document())
OPERATIONS: dict[str, Any] = {each.ok().label: each.ok() for each in SCHEMA.get_all_operations()}  # type: ignore[union-attr]
OURS = ("Content-Type", "Authorization")
CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
]
PEOPLE = ["owner", "admin", "editor", "reader", "gone"]


@pytest.fixture
def programs(acme, program, owner, admin, editor, reader, settings) -> dict[str, Program]:
    """One for each role, and things to be found in acme."""
    settings.API_RATE = (10_000, 60)
    with within(acme):
        Invitation.objects.create(pk=1, email="new@acme.example", invited_by=owner)
        _token, text = issue_service(actor=owner, role="admin", wishes=Wishes("Robot", ["write"]))
    people = {"owner": owner, "admin": admin, "editor": editor, "reader": reader}
    return {role: program(member) for role, member in people.items()} | {"service": Program(acme, text)}


def cases(operation: Any) -> Any:
    """What the document allows, and what it does not; about what there is, and about what there is not."""
    names = [each.name for each in operation.path_parameters]
    about: list[dict[str, Any] | None] = [None]
    if names == ["username"]:
        about += [{"username": name} for name in PEOPLE]
    elif names == ["id"]:
        about += [{"id": 1}]
    asked = st.tuples(st.sampled_from(about), st.sampled_from(list(GenerationMode)))
    return asked.flatmap(lambda pair: operation.as_strategy(path_parameters=pair[0], generation_mode=pair[1]))


def send(program: Program, case: Any) -> Response:
    """Send the case as it would be sent over HTTP, without a network, and roll it back."""
    arguments = REQUESTS_TRANSPORT.serialize_case(case, base_url=f"http://{program.tenant.domain}")
    known = {"method", "url", "headers", "files", "data", "params", "cookies", "json"}
    prepared: Any = requests.Request(**{name: value for name, value in arguments.items() if name in known}).prepare()
    with transaction.atomic():
        answer: Any = program.generic(
            prepared.method,
            prepared.path_url,
            prepared.body or b"",
            content_type=prepared.headers.get("Content-Type", ""),
            headers={
                name: value for name, value in prepared.headers.items() if name not in ("Content-Type", "Authorization")
            },
        )
        transaction.set_rollback(True)
    content = b"".join(answer.streaming_content) if answer.streaming else answer.content
    headers = {name.lower(): [value] for name, value in answer.items()}
    return Response(answer.status_code, headers, content, prepared, 0.0, verify=False)


@pytest.mark.parametrize("label", part_each_day(OPERATIONS))
def test_answers_are_as_the_document_says(label, programs):
    @settings(
        max_examples=EXAMPLES,
        deadline=None,
        database=None,
        derandomize=EXAMPLES == 6,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(case=cases(OPERATIONS[label]), role=st.sampled_from(ROLES))
    def play(case, role):
        response = send(programs[role], case)
        case.validate_response(response, checks=CHECKS)

    play()

"""By night: a client that another tool has made of the OpenAPI document invites, lists, and changes a role.

make test ARGS=tests/profiles/api/generated_client.py
"""

import json
import os
import subprocess
import sys
from importlib import import_module
from pathlib import Path
from typing import Any

import httpx
import pytest

from profiles.api.v1 import core_document
from tests.profiles.api.conftest import Program

NAME = "acme_client"


class Wire(httpx.BaseTransport):
    """What the client sends reaches the test's program."""

    def __init__(self, program: Program) -> None:
        self.program = program

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        answer: Any = self.program.generic(
            request.method,
            request.url.raw_path.decode(),
            request.read(),
            content_type=request.headers.get("Content-Type", ""),
            headers={"Authorization": request.headers["Authorization"]},
        )
        return httpx.Response(answer.status_code, headers=dict(answer.items()), content=answer.content)


@pytest.fixture
def client(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, program: Any, owner: Any) -> Any:
    """The generated package's client, with the owner's token."""
    (tmp_path / "openapi.json").write_text(json.dumps(core_document()))
    command = ["openapi_python_client", "generate", "--path", "openapi.json", "--output-path", NAME, "--meta", "none"]
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"  # it formats what it writes
    subprocess.run([sys.executable, "-m", *command], cwd=tmp_path, env=os.environ | {"PATH": path}, check=True)
    monkeypatch.syspath_prepend(tmp_path)
    used = program(owner)
    made = import_module(NAME).AuthenticatedClient(base_url="http://acme.localhost", token=used.text)
    headers = {"Authorization": f"Bearer {used.text}"}
    return made.set_httpx_client(httpx.Client(base_url="http://acme.localhost", transport=Wire(used), headers=headers))


def test_it_invites_lists_and_changes_a_role(client: Any) -> None:
    models = import_module(f"{NAME}.models")
    invitations, members = (import_module(f"{NAME}.api.{name}") for name in ("invitations", "members"))
    for module in ("invite", "list_invitations"):
        import_module(f"{invitations.__name__}.{module}")
    for module in ("list_members", "change_member"):
        import_module(f"{members.__name__}.{module}")
    new = models.NewInvitation(email="new@acme.example", role=models.Role.EDITOR)
    assert invitations.invite.sync(client=client, body=new).email == "new@acme.example"
    assert [each.email for each in invitations.list_invitations.sync(client=client).items] == ["new@acme.example"]
    change = models.MemberChange(role=models.Role.EDITOR)
    assert members.change_member.sync(client=client, username="reader", body=change).role == models.Role.EDITOR
    found = members.list_members.sync(client=client, role=models.Role.EDITOR)
    assert {each.username for each in found.items} == {"editor", "reader"}
    refused = members.change_member.sync(
        client=client, username="reader", body=models.MemberChange(role=models.Role.OWNER)
    )
    assert (refused.status, refused.code) == (403, "password_needed")

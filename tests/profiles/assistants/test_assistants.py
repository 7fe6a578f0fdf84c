"""An assistant is connected with the client of the package `mcp` to the running product."""

import asyncio
import json
from collections.abc import Iterator
from typing import Any

import httpx2
import pytest
from django.apps import apps
from mcp import Client
from mcp.client.streamable_http import streamable_http_client
from mcp_types import ElicitResult

from profiles.api.changes import Wishes, issue
from profiles.models import Invitation, User
from profiles.testing import person
from tenants.context import within
from tests.profiles.api.conftest import Program
from tests.served import served

READING = ["list_people", "get_person", "list_members"]


def entries() -> list[tuple[Any, ...]] | None:
    """Who used which tool by which token, as the audit log has it; None without one."""
    if not apps.is_installed("profiles.audit"):
        return None
    found = apps.get_model("audit", "Entry")._base_manager.filter(kind="assistant.called").order_by("pk")
    return [(each.actor_id, each.via, each.changes["tool"][1]) for each in found]


@pytest.fixture
def port() -> Iterator[int]:
    with served() as number:
        yield number


@pytest.mark.parametrize("mode", ["legacy", "2026-07-28"])
def test_assistant_reads_and_invites_once_it_is_confirmed(new_tenant, port, mode):
    tenant = new_tenant("acme2")
    with within(tenant):
        owner = User.objects.get(role="owner")
        _token, text = issue(member=owner, wishes=Wishes("Claude", ["write", "assistants:write"]))
    host = tenant.url("").removeprefix("http://")

    async def talk() -> dict[str, Any]:
        headers = {"Authorization": f"Bearer {text}", "Host": host}
        async with httpx2.AsyncClient(headers=headers) as http:
            transport = streamable_http_client(f"http://127.0.0.1:{port}/mcp/", http_client=http)
            async with Client(transport, mode=mode) as client:
                tools = (await client.list_tools()).tools
                people = await client.call_tool("list_people", {"fields": "name", "limit": 5})
                one = await client.call_tool("get_person", {"username": owner.username})
                wanted = {"email": "new@acme2.example", "role": "editor"}
                asked = await client.call_tool("invite", wanted)
                code = asked.structured_content["confirmation"]
                other = await client.call_tool("invite", wanted | {"role": "admin", "confirmation": code})
                sent = await client.call_tool("invite", wanted | {"confirmation": code})
        return {"tools": tools, "people": people, "one": one, "asked": asked, "other": other, "sent": sent}

    told = asyncio.run(talk())
    assert [tool.name for tool in told["tools"]] == [*READING, "invite"]
    assert [tool.annotations.read_only_hint for tool in told["tools"]] == [True, True, True, False]
    assert [each["username"] for each in told["people"].structured_content["items"]] == [owner.username]
    assert told["one"].structured_content["email"] == owner.email
    assert told["asked"].structured_content["done"] is False
    assert told["other"].is_error
    assert told["sent"].structured_content["email"] == "new@acme2.example"
    with within(tenant):
        assert list(Invitation.objects.values_list("email", "role")) == [("new@acme2.example", "editor")]
        assert entries() in (None, [(owner.pk, "Claude", name) for name in ("list_people", "get_person", "invite")])


@pytest.mark.parametrize(("action", "invited"), [("accept", 1), ("decline", 0), ("cancel", 0)])
def test_client_that_can_ask_asks_the_person(new_tenant, port, action, invited):
    """Its model sees no code, and is asked by no answer."""
    tenant, questions = new_tenant("acme3"), []
    with within(tenant):
        owner = User.objects.get(role="owner")
        _token, text = issue(member=owner, wishes=Wishes("Claude", ["write", "assistants:write"]))

    async def ask(context: Any, params: Any) -> Any:
        questions.append(params.message)
        return ElicitResult(action=action, content={} if action == "accept" else None)

    async def talk() -> Any:
        headers = {"Authorization": f"Bearer {text}", "Host": tenant.url("").removeprefix("http://")}
        async with httpx2.AsyncClient(headers=headers) as http:
            transport = streamable_http_client(f"http://127.0.0.1:{port}/mcp/", http_client=http)
            async with Client(transport, mode="2026-07-28", elicitation_callback=ask) as client:
                return await client.call_tool("invite", {"email": "new@acme3.example"})

    result = asyncio.run(talk())
    assert questions == ['Invite a person by email. {"email": "new@acme3.example"}']
    assert result.is_error is not bool(invited)
    with within(tenant):
        assert Invitation.objects.count() == invited


# --- Without the client ----------------------------------------------------------------------------------------------


class Assistant(Program):
    def say(self, message: Any, **headers: str) -> Any:
        """An answer of /mcp/, with what it says as `.told`."""
        body = message if isinstance(message, str) else json.dumps(message)
        response: Any = self.generic("POST", "/mcp/", body, content_type="application/json", headers=headers)
        response.told = json.loads(response.content) if response.content else None
        return response

    def ask(self, method: str, **params: Any) -> Any:
        return self.say({"jsonrpc": "2.0", "id": 1, "method": method, "params": params}).told

    def use(self, tool: str, **arguments: Any) -> Any:
        return self.ask("tools/call", name=tool, arguments=arguments)["result"]


@pytest.fixture
def assistant(acme):
    def make(member, *scopes: str) -> Assistant:
        with within(acme):
            return Assistant(acme, issue(member=member, wishes=Wishes("Claude", list(scopes)))[1])

    return make


@pytest.mark.parametrize(
    ("scopes", "offered"),
    [
        (["read"], READING),
        (["people:read"], READING[:2]),
        (["write"], READING),  # It may change everything by the API. Assistants have to be named.
        (["read", "assistants:write"], READING),
        (["invitations:write", "assistants:write"], ["invite"]),
    ],
)
def test_token_reads_unless_it_says_more(assistant, admin, scopes, offered):
    used = assistant(admin, *scopes)
    assert [tool["name"] for tool in used.ask("tools/list")["result"]["tools"]] == offered
    if "invite" not in offered:
        assert used.use("invite", email="new@acme.example")["isError"]


def test_tool_does_what_the_member_may(assistant, reader, admin, acme):
    used = assistant(reader, "write", "assistants:write")
    assert json.loads(used.use("list_members")["content"][0]["text"])["status"] == 403
    asked = used.use("invite", email="new@acme.example")["structuredContent"]
    refused = used.use("invite", email="new@acme.example", confirmation=asked["confirmation"])
    assert json.loads(refused["content"][0]["text"])["status"] == 403
    assert "email" not in str(used.use("get_person", username="owner")["structuredContent"]["email"] or "")
    with within(acme):
        assert not Invitation.objects.filter(email="new@acme.example").exists()
        assert entries() in (None, [(reader.pk, "Claude", "get_person")])


def test_confirmation_is_for_one_call(assistant, owner, acme):
    """Otherwise the model could do the same again for ten minutes, though the person has undone it."""
    used, wanted = assistant(owner, "write", "assistants:write"), {"email": "new@acme.example"}
    first, second = (used.use("invite", **wanted)["structuredContent"]["confirmation"] for _ in range(2))
    assert not used.use("invite", **wanted, confirmation=first).get("isError")
    with within(acme):
        Invitation.objects.filter(email="new@acme.example").delete()
    again = used.use("invite", **wanted, confirmation=first)
    assert again["isError"]
    assert "was used before" in again["content"][0]["text"]
    with within(acme):
        assert not Invitation.objects.filter(email="new@acme.example").exists()
    assert not used.use("invite", **wanted, confirmation=second).get("isError")


def test_confirmation_is_worth_nothing_elsewhere(assistant, admin, owner, globex):
    """With another token, at a neighbour's, and changed."""
    mine, theirs = assistant(admin, "write", "assistants:write"), assistant(owner, "write", "assistants:write")
    wanted = {"email": "new@acme.example"}
    code = mine.use("invite", **wanted)["structuredContent"]["confirmation"]
    for other, given in ((theirs, code), (mine, code[:-1]), (mine, "x"), (mine, ["x"])):
        assert other.use("invite", **wanted, confirmation=given)["isError"]
    with within(globex):
        stranger = issue(member=person(globex, "owner"), wishes=Wishes("Claude", ["write", "assistants:write"]))[1]
    assert Assistant(globex, stranger).use("invite", **wanted, confirmation=code)["isError"]
    assert Assistant(mine.tenant, stranger).say({}).status_code == 401


@pytest.mark.parametrize(
    ("message", "code", "status"),
    [
        ("{", -32700, 400),
        ('{"a": NaN}', -32700, 400),
        ("[" * 5000, -32700, 400),
        ([], -32600, 400),
        ("3", -32600, 400),
        ({"jsonrpc": "1.0", "id": 1, "method": "ping"}, -32600, 400),
        ({"jsonrpc": "2.0", "id": {}, "method": "ping"}, -32600, 400),
        ({"jsonrpc": "2.0", "id": 1, "method": "resources/list"}, -32601, 404),
        ({"jsonrpc": "2.0", "id": 1, "method": "nothing"}, -32601, 404),
        ({"jsonrpc": "2.0", "id": 1, "method": "tools/call", "params": {}}, -32602, 400),
        ({"jsonrpc": "2.0", "id": 1, "method": "tools/call", "params": {"name": "delete_all"}}, -32602, 400),
        ({"jsonrpc": "2.0", "id": 1, "method": "initialize", "params": {"_meta": 7}}, -32602, 400),
    ],
)
def test_what_is_no_message_gets_an_error_of_the_protocol(assistant, admin, message, code, status):
    answer = assistant(admin, "read").say(message)
    assert (answer.told["error"]["code"], answer.status_code) == (code, status)


@pytest.mark.parametrize("username", ["../me", "a/b", "%00", "\0", "nobody", "", 7, None, ["x"]])
def test_odd_arguments_are_errors_of_the_tool(assistant, admin, username):
    assert assistant(admin, "read").use("get_person", username=username)["isError"]
    assert assistant(admin, "read").use("get_person", user="owner")["isError"]


def test_headers_have_to_agree_with_the_message(assistant, admin):
    meta = {
        "io.modelcontextprotocol/protocolVersion": "2026-07-28",
        "io.modelcontextprotocol/clientCapabilities": {},
    }
    message = {"jsonrpc": "2.0", "id": 1, "method": "tools/list", "params": {"_meta": meta}}
    used, right = assistant(admin, "read"), {"MCP-Protocol-Version": "2026-07-28", "Mcp-Method": "tools/list"}
    assert "result" in used.say(message, **right).told
    assert used.say(message, **right | {"Mcp-Method": "tools/call"}).told["error"]["code"] == -32020
    assert used.say(message).status_code == 400
    later = {"jsonrpc": "2.0", "id": 1, "method": "ping"}
    assert used.say(later, **{"MCP-Protocol-Version": "2099-01-01"}).told["error"]["code"] == -32022


def test_only_messages_of_its_own_site_and_type_are_taken(assistant, admin, acme):
    used = assistant(admin, "read")
    ping = {"jsonrpc": "2.0", "id": 1, "method": "ping"}
    assert used.say(ping, Origin="https://evil.example").status_code == 403
    assert used.say(ping, Origin=acme.url("")).told["result"] == {}
    assert used.generic("POST", "/mcp/", "{}", content_type="text/plain").status_code == 415
    assert used.generic("GET", "/mcp/").status_code == 405
    assert used.say({"jsonrpc": "2.0", "method": "notifications/initialized"}).status_code == 202


def test_limit_of_the_token_counts_tools_too(assistant, admin, settings):
    settings.API_RATE = (2, 60)
    used = assistant(admin, "read")
    statuses = [used.say({"jsonrpc": "2.0", "id": 1, "method": "ping"}).status_code for _ in range(3)]
    assert statuses == [200, 200, 429]


def test_page_says_how_to_connect(as_user, reader, acme):
    page = as_user(reader).get("/account/assistants/").content.decode()
    assert acme.url("/mcp/") in page
    assert "list_people" in page

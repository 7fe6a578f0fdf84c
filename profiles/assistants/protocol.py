"""The Model Context Protocol, as one message in and one out. https://modelcontextprotocol.io/specification

Its types, and what each version of it allows, are those of the package `mcp-types`. The server of `mcp` itself is made
for ASGI: below gunicorn's threads it would need an event loop for each request, in which the database may not be used.
Nothing here lasts longer than a request, so no session is kept: versions up to 2025-11-25 begin with `initialize`,
later ones say with each request who asks.
"""

from collections.abc import Callable
from typing import Any

from django.conf import settings
from mcp_types import (
    HEADER_MISMATCH,
    INVALID_PARAMS,
    INVALID_REQUEST,
    METHOD_NOT_FOUND,
    PROTOCOL_VERSION_META_KEY,
    UNSUPPORTED_PROTOCOL_VERSION,
    DiscoverResult,
    EmptyResult,
    Implementation,
    InitializeResult,
    JSONRPCRequest,
    ListToolsResult,
    Result,
    ServerCapabilities,
    ToolsCapability,
)
from mcp_types import methods as allowed
from mcp_types.version import HANDSHAKE_PROTOCOL_VERSIONS, LATEST_HANDSHAKE_VERSION, MODERN_PROTOCOL_VERSIONS
from pydantic import ValidationError

from profiles.api.requests import ApiRequest
from profiles.assistants.calling import call, may_change
from profiles.assistants.tools import Operation, operations

VERSIONS = (*HANDSHAKE_PROTOCOL_VERSIONS, *MODERN_PROTOCOL_VERSIONS)
# Of a client that names no version: https://modelcontextprotocol.io/specification/2025-11-25/basic/transports
UNNAMED = "2025-03-26"
CAPABILITIES = ServerCapabilities(tools=ToolsCapability())
# What answers to newer versions have, beside those of the package.
STATUS = {
    INVALID_REQUEST: 400,
    INVALID_PARAMS: 400,
    HEADER_MISMATCH: 400,
    UNSUPPORTED_PROTOCOL_VERSION: 400,
    METHOD_NOT_FOUND: 404,
}


class Fault(Exception):
    """A message that is answered with an error of the protocol."""

    def __init__(self, code: int, words: str, data: Any = None) -> None:
        super().__init__(words)
        self.code, self.words, self.data = code, words, data


def respond(request: ApiRequest, message: JSONRPCRequest) -> dict[str, Any]:
    """The result of a message. Raises Fault."""
    params = message.params or {}
    version = version_of(request, message.method, params)
    try:
        allowed.validate_client_request(message.method, version, params)
    except KeyError:
        raise Fault(METHOD_NOT_FOUND, f"There is no method {message.method}.") from None
    except ValidationError as error:
        found = [{"where": ".".join(map(str, each["loc"])), "what": each["msg"]} for each in error.errors()]
        raise Fault(INVALID_PARAMS, "The parameters are not valid.", found) from None
    if message.method not in METHODS:
        raise Fault(METHOD_NOT_FOUND, f"There is no method {message.method}.")
    result = METHODS[message.method](request, params)
    return allowed.serialize_server_result(message.method, version, result.model_dump(mode="json", by_alias=True))


def version_of(request: ApiRequest, method: str, params: dict[str, Any]) -> str:
    """Which version the message is of. Raises Fault if its headers contradict it, or if we do not have that version."""
    named, meta = request.headers.get("MCP-Protocol-Version"), params.get("_meta")
    inner = meta.get(PROTOCOL_VERSION_META_KEY) if isinstance(meta, dict) else None
    if method == "initialize" and inner is None:
        return LATEST_HANDSHAKE_VERSION
    if inner is None and named in MODERN_PROTOCOL_VERSIONS:
        raise Fault(INVALID_PARAMS, f"params._meta has to have {PROTOCOL_VERSION_META_KEY}.")
    if inner is not None:
        agree(request, "MCP-Protocol-Version", inner)
        agree(request, "Mcp-Method", method)
        if method == "tools/call":
            agree(request, "Mcp-Name", params.get("name"))
    version = inner or named or UNNAMED
    if version not in (MODERN_PROTOCOL_VERSIONS if inner is not None else HANDSHAKE_PROTOCOL_VERSIONS):
        raise Fault(
            UNSUPPORTED_PROTOCOL_VERSION,
            "Unsupported protocol version",
            {"supported": list(MODERN_PROTOCOL_VERSIONS), "requested": str(version)},
        )
    return str(version)


def agree(request: ApiRequest, header: str, value: Any) -> None:
    if request.headers.get(header) != value:
        raise Fault(HEADER_MISMATCH, f"The header {header} does not match the body.")


def initialize(_request: ApiRequest, params: dict[str, Any]) -> Result:
    asked = params["protocolVersion"]
    version = asked if asked in HANDSHAKE_PROTOCOL_VERSIONS else LATEST_HANDSHAKE_VERSION
    return InitializeResult(protocol_version=version, capabilities=CAPABILITIES, server_info=implementation())


def discover(_request: ApiRequest, _params: dict[str, Any]) -> Result:
    return DiscoverResult(supported_versions=list(MODERN_PROTOCOL_VERSIONS), capabilities=CAPABILITIES)


def ping(_request: ApiRequest, _params: dict[str, Any]) -> Result:
    return EmptyResult()


def list_tools(request: ApiRequest, _params: dict[str, Any]) -> Result:
    """Those that this token has the scope for. What may only be read has no tools that change."""
    found = [each.tool() for each in operations().values() if is_offered(request, each)]
    return ListToolsResult(tools=found, cache_scope="private")


def is_offered(request: ApiRequest, operation: Operation) -> bool:
    is_allowed = not operation.scope or request.token.allows(operation.scope)
    return is_allowed and (operation.only_reads or may_change(request))


def call_tool(request: ApiRequest, params: dict[str, Any]) -> Result:
    operation = operations().get(params["name"])
    if operation is None:
        raise Fault(INVALID_PARAMS, f"There is no tool {params['name']}.")
    return call(request, operation, params)


def implementation() -> Implementation:
    return Implementation(name=settings.BRAND["NAME"], version="1.0")


METHODS: dict[str, Callable[[ApiRequest, dict[str, Any]], Result]] = {
    "initialize": initialize,
    "ping": ping,
    "server/discover": discover,
    "tools/list": list_tools,
    "tools/call": call_tool,
}

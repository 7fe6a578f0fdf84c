"""The Model Context Protocol: one message in, one message out. https://modelcontextprotocol.io/specification

The types and the differences between versions come from the package `mcp-types`. The server of `mcp` is for ASGI: in
gunicorn's threads, it would need an event loop per request, in which the database cannot be used. There are no
sessions, since nothing outlives a request: versions up to 2025-11-25 begin with `initialize`, later ones identify the
client in each request.
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

# The version of clients that send none: https://modelcontextprotocol.io/specification/2025-11-25/basic/transports
UNNAMED = "2025-03-26"
CAPABILITIES = ServerCapabilities(tools=ToolsCapability())
# Fields of responses to newer versions that the package does not have.
STATUS = {
    INVALID_REQUEST: 400,
    INVALID_PARAMS: 400,
    HEADER_MISMATCH: 400,
    UNSUPPORTED_PROTOCOL_VERSION: 400,
    METHOD_NOT_FOUND: 404,
}


class Fault(Exception):
    """Raised to answer a message with an error of the protocol."""

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
    """The version of the message. Raises Fault if the headers contradict it, or if the version is not supported."""
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
    """The tools within the token's scopes. A token for reading has no tools that change data."""
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

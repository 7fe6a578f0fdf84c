"""Calls a tool: runs the API's operation within the request, with its token, and writes an audit entry."""

import json
from typing import Any
from urllib.parse import quote, urlencode

from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.urls import resolve
from mcp_types import CallToolResult, Result, TextContent

from profiles.api.problems import Refused, problem
from profiles.api.requests import ApiRequest
from profiles.assistants.confirming import code_of, digest, question, refusal, use
from profiles.assistants.tools import CONFIRMATION, Operation
from tenants.events import emit

ALLOWED = "assistants:write"
# Headers about the message, not about the operation.
OUTER = ("HTTP_IF_", "HTTP_IDEMPOTENCY")


def call(request: ApiRequest, operation: Operation, params: dict[str, Any]) -> Result:
    """The operation's response. Changes are made only after a person has agreed."""
    arguments = dict(params.get("arguments") or {})
    if unknown := sorted(set(arguments) - set(operation.schema["properties"])):
        return refusal(f"{operation.name} takes no {', '.join(unknown)}.")
    code = code_of(params, arguments.pop(CONFIRMATION, ""))
    if operation.only_reads:
        return done(request, operation, arguments)
    for scope in (ALLOWED, operation.scope):
        if not request.token.allows(scope):
            return refusal(f"This token may only read here. To change this it needs the scope {scope}.")
    return changed(request, operation, arguments, params, code)


def changed(
    request: ApiRequest, operation: Operation, arguments: dict[str, Any], params: dict[str, Any], code: Any
) -> Result:
    """Ask the person first, and do it if the code proves that they have agreed."""
    what = digest(request.token, operation.name, arguments)
    if code is None:
        return refusal("The person did not agree. Nothing was done.")
    if not code:
        words = f"{operation.told['description']} {json.dumps(arguments, ensure_ascii=False)}"
        return question(params, operation.name, words, what)
    if not use(code, what):
        words = "This code is not for these arguments, was used before, or is older than ten minutes."
        return refusal(f"{words} Ask again without it.")
    return done(request, operation, arguments)


def may_change(request: ApiRequest) -> bool:
    """Whether the token allows changes by assistants, for which it needs a scope of its own."""
    return request.token.allows(ALLOWED)


@transaction.atomic
def done(request: ApiRequest, operation: Operation, arguments: dict[str, Any]) -> CallToolResult:
    """Run it. The change and its audit entry are saved in one transaction."""
    response = run(request, operation, arguments)
    text = b"".join(response.streaming_content) if response.streaming else response.content  # type: ignore[attr-defined]
    if response.status_code >= 400:
        return CallToolResult(content=[TextContent(text=text.decode())], is_error=True)
    emit("assistant.called", request.user, by=request.user, tool=("", operation.name))
    told = json.loads(text) if text else {"done": True}
    return CallToolResult(content=[TextContent(text=json.dumps(told, ensure_ascii=False))], structured_content=told)


def run(request: ApiRequest, operation: Operation, arguments: dict[str, Any]) -> HttpResponse:
    """Call the operation's view, which checks the scope and all rules."""
    places = operation.parameters("path")
    path = operation.path
    for name in places:
        path = path.replace(f"{{{name}}}", quote(str(arguments.get(name, "")), safe=""))
    query = {name: arguments[name] for name in operation.parameters("query") if name in arguments}
    body = {name: value for name, value in arguments.items() if name not in places and name not in query}
    inner = inner_request(request, operation.method.upper(), path, urlencode(query), body if operation.body else None)
    try:
        match = resolve(inner.path)
    except Http404:  # Path parameters are not fields of the body.
        return problem(Refused(404))
    return match.func(inner, *match.args, **match.kwargs)


def inner_request(request: ApiRequest, method: str, path: str, query: str, body: Any) -> HttpRequest:
    """A request to an operation, from the same program for the same member."""
    inner: Any = HttpRequest()
    inner.method, inner.path, inner.path_info, inner.GET = method, path, path, QueryDict(query)
    kept = {name: value for name, value in request.META.items() if not name.startswith(OUTER)}
    inner.META = kept | {"REQUEST_METHOD": method, "PATH_INFO": path, "QUERY_STRING": query}
    inner._body = json.dumps(body).encode() if body is not None else b""
    inner.META |= {"CONTENT_LENGTH": str(len(inner._body)), "CONTENT_TYPE": "application/json" if inner._body else ""}
    inner.content_type = inner.META["CONTENT_TYPE"]
    for name in ("user", "token", "acts_via", "tenant", "place", "session"):
        if hasattr(request, name):
            setattr(inner, name, getattr(request, name))
    return inner

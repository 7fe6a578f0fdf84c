"""/mcp/, and the page that explains how to connect an assistant."""

import json
from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.http import HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST, require_safe
from mcp_types import INVALID_REQUEST, PARSE_ERROR, JSONRPCNotification, JSONRPCRequest
from pydantic import ValidationError

from profiles.api.operating import StrictParser
from profiles.api.problems import Refused, problem
from profiles.api.requests import ApiRequest
from profiles.assistants.protocol import STATUS, Fault, respond
from profiles.assistants.tools import operations
from profiles.requests import MemberRequest
from tenants.context import required


@csrf_exempt  # It does not use cookies.
@login_not_required  # It uses a token: profiles/api/middleware.py.
@require_POST
def mcp(request: ApiRequest) -> HttpResponse:
    """One message. https://modelcontextprotocol.io/specification/2025-11-25/basic/transports#streamable-http"""
    if request.content_type != "application/json":
        return problem(Refused(415, _("The body has to be %(type)s.") % {"type": "application/json"}))
    if (origin := request.headers.get("Origin")) and origin != required().url("").rstrip("/"):
        return problem(Refused(403, _("Browsers on other sites may not send requests here.")))
    try:
        message = StrictParser().parse_body(request)
    except (ValueError, RecursionError):
        return error(None, PARSE_ERROR, "This is not JSON.", status=400)
    return answer(request, message)


def answer(request: ApiRequest, message: Any) -> HttpResponse:
    if isinstance(message, dict) and "id" not in message:
        return noted(message)
    try:
        asked = JSONRPCRequest.model_validate(message)
    except ValidationError:
        return error(None, INVALID_REQUEST, "The body has to be one request or notification.", status=400)
    try:
        return JsonResponse({"jsonrpc": "2.0", "id": asked.id, "result": respond(request, asked)})
    except Fault as fault:
        return error(asked.id, fault.code, fault.words, fault.data, status=STATUS.get(fault.code, 200))


def noted(message: dict[str, Any]) -> HttpResponse:
    """Accept a notification and ignore it, since there are no sessions."""
    try:
        JSONRPCNotification.model_validate(message)
    except ValidationError:
        return error(None, INVALID_REQUEST, "The body has to be one request or notification.", status=400)
    return HttpResponse(status=202)


def error(number: Any, code: int, words: str, data: Any = None, *, status: int) -> HttpResponse:
    told = {"code": code, "message": words} | ({"data": data} if data is not None else {})
    return HttpResponse(
        json.dumps({"jsonrpc": "2.0", "id": number, "error": told}), status=status, content_type="application/json"
    )


@require_safe
def assistants(request: MemberRequest) -> HttpResponse:
    address = required().url("/mcp/")
    return render(request, "profiles/assistants.html", {"address": address, "operations": operations().values()})

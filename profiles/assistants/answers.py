"""The HTTP response to a message at /mcp/."""

import json
from typing import Any

from django.http import HttpResponse, JsonResponse
from mcp_types import INVALID_REQUEST, PARSE_ERROR, JSONRPCNotification, JSONRPCRequest
from pydantic import ValidationError

from profiles.api.operating import StrictParser
from profiles.api.requests import ApiRequest
from profiles.assistants.protocol import STATUS, Fault, respond


def answered(request: ApiRequest) -> HttpResponse:
    try:
        message = StrictParser().parse_body(request)
    except (ValueError, RecursionError):
        return error(None, PARSE_ERROR, "This is not JSON.", status=400)
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

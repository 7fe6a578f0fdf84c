"""Asks a person to agree before something is changed.

Clients with elicitation (since version 2026-07-28) show our question, and the code is part of the protocol, so that
the model does not see it. Other clients show the call of the tool, and the model repeats a code.
"""

import json
from hashlib import sha256
from typing import Any

from django.core.signing import BadSignature
from django.utils.crypto import get_random_string
from mcp_types import (
    CLIENT_CAPABILITIES_META_KEY,
    CallToolResult,
    ElicitRequest,
    ElicitRequestFormParams,
    InputRequiredResult,
    Result,
    TextContent,
)

from profiles.api.models import Token
from profiles.assistants.tools import CONFIRMATION
from tenants import signing
from tenants.context import schema_name
from tenants.limits.counting import Rate, TooOften, take

SALT = "assistants"
CONFIRM_SECONDS = 600
SHAPE = {"what": str, "nonce": str}
NOTHING_TO_FILL_IN: dict[str, Any] = {"type": "object", "properties": {}}


def question(params: dict[str, Any], name: str, words: str, what: str) -> Result:
    """Ask the person, through the client or else through the model."""
    code = signing.dumps({"what": what, "nonce": get_random_string(8)}, salt=SALT)
    if can_ask(params):
        asked = ElicitRequestFormParams(message=words, requested_schema=NOTHING_TO_FILL_IN)
        return InputRequiredResult(input_requests={CONFIRMATION: ElicitRequest(params=asked)}, request_state=code)
    text = f"Not done yet. {words}\nAsk the person. If they agree, call {name} again with {CONFIRMATION}: {code}"
    return CallToolResult(content=[TextContent(text=text)], structured_content={"done": False, CONFIRMATION: code})


def can_ask(params: dict[str, Any]) -> bool:
    capabilities = (params.get("_meta") or {}).get(CLIENT_CAPABILITIES_META_KEY) or {}
    return capabilities.get("elicitation") is not None


def code_of(params: dict[str, Any], typed: Any) -> Any:
    """The code from the person's answer or from the model; None if they did not agree."""
    answer = (params.get("inputResponses") or {}).get(CONFIRMATION)
    if answer is None:
        return typed
    return params.get("requestState") or "none" if answer.get("action") == "accept" else None


def digest(token: Token, name: str, arguments: dict[str, Any]) -> str:
    """A hash of what a code is valid for: token, tool and arguments."""
    return sha256(json.dumps([token.pk, name, arguments], sort_keys=True).encode()).hexdigest()


def use(code: Any, what: str) -> bool:
    """Is it a code for this? It is worth nothing afterwards: the person has agreed to one call."""
    try:
        if signing.loads(str(code), salt=SALT, max_age=CONFIRM_SECONDS, shape=SHAPE)["what"] != what:
            return False
        take("assistants_confirmation", Rate(1, CONFIRM_SECONDS), schema_name(), str(code))
    except (BadSignature, TooOften):
        return False
    return True


def refusal(words: str) -> CallToolResult:
    return CallToolResult(content=[TextContent(text=words)], is_error=True)

"""Completes ninja's OpenAPI document: errors, headers, required rights. https://spec.openapis.org/oas/"""

import json
from typing import Any

from profiles.api.once import HEADER as IDEMPOTENCY
from profiles.api.once import LONGEST
from profiles.api.problems import PROBLEM
from profiles.api.retiring import retiring

Part = dict[str, Any]
ERRORS = {
    400: "The request cannot be read.",
    401: "There is no token, or it is not valid here.",
    403: "The token or its member may not do this.",
    404: "There is no such object, or the member may not see it.",
    409: "This cannot be done as things are.",
    412: "The object has changed since it was read.",
    413: "The body is too large.",
    415: "The body has another type.",
    422: "Values are not valid. `errors` has one entry for each.",
    429: "Too many requests. `Retry-After` says in how many seconds to try again.",
    503: "Not available right now. `Retry-After` says in how many seconds to try again.",
}
ALWAYS = (400, 401, 403, 404, 422, 429, 503)
TEXT = {"type": "string"}
PROBLEM_SCHEMA: Part = {
    "title": "Problem",
    "description": "What went wrong. https://www.rfc-editor.org/rfc/rfc9457",
    "type": "object",
    "required": ["title", "status"],
    "properties": {
        "title": TEXT,
        "status": {"type": "integer"},
        "detail": TEXT,
        "code": TEXT,
        "errors": {
            "type": "array",
            "items": {
                "type": "object",
                "required": ["detail"],
                "properties": {"pointer": TEXT, "parameter": TEXT, "detail": TEXT, "code": TEXT},
            },
        },
    },
}
LIMIT_HEADERS = {
    "RateLimit": {"description": "How many requests are left: r, and for how many seconds: t.", "schema": TEXT},
    "RateLimit-Policy": {"description": "How many requests may be sent: q, in how many seconds: w.", "schema": TEXT},
}
ETAG = {"ETag": {"description": "The version of the object.", "schema": TEXT}}


def completed(found: Part) -> Part:
    """The completed document."""
    document: Part = json.loads(json.dumps(found))
    document["servers"] = [{"url": "/"}]
    components = document["components"]
    components["schemas"]["Problem"] = PROBLEM_SCHEMA
    components["responses"] = {str(status): error(words) for status, words in ERRORS.items()}
    components["securitySchemes"] = {
        "token": {"type": "http", "scheme": "bearer", "description": "A token from the page “API tokens”."}
    }
    for path, operations in document["paths"].items():
        for method, operation in operations.items():
            complete(operation, method, path)
    return document


def error(description: str) -> Part:
    schema = {"$ref": "#/components/schemas/Problem"}
    return {"description": description, "content": {PROBLEM: {"schema": schema}}}


def complete(operation: Part, method: str, path: str) -> None:
    responses, body = operation["responses"], operation.get("requestBody")
    if retiring(path):
        operation["deprecated"] = True
    operation["summary"] = operation["operationId"].replace("_", " ").capitalize()
    for response in responses.values():
        response["headers"] = dict(LIMIT_HEADERS)
    is_list = body_of(responses.get("200", {})).endswith("Page")
    if method == "get" and path.endswith("/photo"):
        responses["200"]["content"] = {"image/webp": {"schema": {"type": "string", "format": "binary"}}}
    if not is_list:
        add_version(responses)
    if method == "get" and not is_list:
        responses["304"] = {"description": "It is still the version that was named."}
        operation["parameters"].append(header("If-None-Match", "The version that you have: 304 if there is no other."))
    elif method == "post":
        words = f"Done once with the same key, within 24 hours. Up to {LONGEST} characters."
        operation["parameters"].append(header(IDEMPOTENCY, words, minLength=1, maxLength=LONGEST))
    is_versioned = any(each["name"] == "If-Match" for each in operation["parameters"])
    more = [*ALWAYS, *((413, 415) if body else ()), *((409,) if method != "get" else ())]
    for status in sorted([*more, *((412,) if is_versioned else ())]):
        responses[str(status)] = {"$ref": f"#/components/responses/{status}"}


def add_version(responses: Part) -> None:
    for status, response in responses.items():
        response["headers"] |= ETAG if status != "204" else {}


def body_of(response: Part) -> str:
    """The name of a response's schema."""
    return next((each["schema"].get("$ref", "") for each in response.get("content", {}).values()), "")


def header(name: str, description: str, **schema: Any) -> Part:
    return {"in": "header", "name": name, "required": False, "description": description, "schema": TEXT | schema}

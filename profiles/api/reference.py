"""The OpenAPI document as a page for people, operation by operation."""

from functools import cache
from itertools import groupby
from typing import Any

from profiles.api.v1 import PATH, document

Part = dict[str, Any]


@cache
def groups() -> list[Part]:
    """The operations by subject, each with parameters, body and responses."""
    found = [
        operation_of(path, method, operation)
        for path, operations in document()["paths"].items()
        for method, operation in operations.items()
    ]
    return [{"name": name, "operations": list(some)} for name, some in groupby(found, key=lambda each: each["group"])]


def operation_of(path: str, method: str, operation: Part) -> Part:
    body = operation.get("requestBody", {}).get("content", {})
    success = next(iter(operation["responses"].items()))
    return {
        "id": operation["operationId"],
        "group": operation["tags"][0],
        "method": method.upper(),
        "path": "/" + path.removeprefix(PATH),
        "description": operation["description"],
        "scope": next(iter(operation["security"][0]["token"]), ""),
        "parameters": [parameter_of(each) for each in operation["parameters"]],
        "body": next((fields_of(each["schema"]) for each in body.values()), []),
        "status": success[0],
        "answer": next((fields_of(each["schema"]) for each in success[1].get("content", {}).values()), []),
    }


def parameter_of(given: Part) -> Part:
    kind = type_of(given["schema"])
    return {"name": given["name"], "type": kind, "in": given["in"], "description": given.get("description", "")}


def fields_of(schema: Part) -> list[Part]:
    """The fields of an object; for a list, those of its items."""
    whole = resolved(schema)
    if "items" in whole.get("properties", {}):
        return fields_of(whole["properties"]["items"]["items"])
    required = whole.get("required", [])
    return [
        {
            "name": name,
            "type": type_of(each),
            "description": each.get("description", ""),
            "is_required": name in required,
        }
        for name, each in whole.get("properties", {}).items()
    ]


def resolved(schema: Part) -> Part:
    named = next(iter(schema.get("allOf", ())), schema)
    name = named.get("$ref", "").rpartition("/")[2]
    return document()["components"]["schemas"][name] if name else schema


def type_of(schema: Part) -> str:
    """The type in words: `string`, `owner · admin`, `date or null`."""
    whole = resolved(schema)
    if "anyOf" in whole:
        return " or ".join(type_of(each) for each in whole["anyOf"])
    if "enum" in whole:
        return " · ".join(map(str, whole["enum"]))
    if whole.get("type") == "array":
        return f"list of {type_of(whole['items'])}"
    return whole.get("format") or whole.get("type") or "object"

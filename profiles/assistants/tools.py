"""Tools: the operations of the API with `for_assistants`, as assistants see them."""

from dataclasses import dataclass
from functools import cache, cached_property
from typing import TYPE_CHECKING, Any

from profiles.api.scoped import FOR_ASSISTANTS
from profiles.api.v1 import document

if TYPE_CHECKING:
    from mcp_types import Tool

Part = dict[str, Any]
CONFIRMATION = "confirmation"
HOW_TO_CONFIRM = (
    "Without `confirmation` nothing is done: the answer says what would be done, and has a code. Show that to the "
    "person, and send the code as `confirmation`, with the same arguments, only if they agree."
)


@dataclass(frozen=True)
class Operation:
    """An operation of the document."""

    path: str
    method: str
    told: Part

    @property
    def name(self) -> str:
        return self.told["operationId"]

    @property
    def scope(self) -> str:
        return next(iter(self.told["security"][0]["token"]), "")

    @property
    def only_reads(self) -> bool:
        return self.method == "get"

    @property
    def description(self) -> str:
        return f"{self.told['description']} {'' if self.only_reads else HOW_TO_CONFIRM}".strip()

    def parameters(self, place: str) -> dict[str, Part]:
        return {each["name"]: each for each in self.told.get("parameters", ()) if each["in"] == place}

    @cached_property
    def body(self) -> Part:
        """The schema of the body; {} if there is none."""
        content = self.told.get("requestBody", {}).get("content", {}).get("application/json")
        return plain(content["schema"]) if content else {}

    @cached_property
    def schema(self) -> Part:
        """The schema of all arguments: path and query parameters, and the fields of the body."""
        asked = self.parameters("path") | self.parameters("query")
        properties = {name: described(each) for name, each in asked.items()} | self.body.get("properties", {})
        required = [name for name, each in asked.items() if each.get("required")] + self.body.get("required", [])
        if not self.only_reads:
            properties[CONFIRMATION] = {"type": "string", "description": "The code of the answer before."}
        return {"type": "object", "properties": properties, "required": required, "additionalProperties": False}

    def tool(self) -> "Tool":
        from mcp_types import Tool, ToolAnnotations  # here, since the page of assistants needs no protocol

        hints = ToolAnnotations(
            title=self.told["summary"], read_only_hint=self.only_reads, destructive_hint=False, open_world_hint=False
        )
        return Tool(name=self.name, description=self.description, input_schema=self.schema, annotations=hints)


@cache
def operations() -> dict[str, Operation]:
    """The operations by name, in the order of the document."""
    found = [
        Operation(path, method, told)
        for path, methods in document()["paths"].items()
        for method, told in methods.items()
        if told.get(FOR_ASSISTANTS)
    ]
    return {each.name: each for each in found}


def title_of(name: str) -> str:
    """What the tool does, for the activity log."""
    found = operations().get(name)
    return found.told["summary"] if found else name


def described(parameter: Part) -> Part:
    words = {"description": parameter["description"]} if parameter.get("description") else {}
    return plain(parameter["schema"]) | words


def plain(schema: Any) -> Any:
    """The schema with references replaced by what they refer to."""
    if isinstance(schema, list):
        return [plain(each) for each in schema]
    if not isinstance(schema, dict):
        return schema
    if name := schema.get("$ref", "").rpartition("/")[2]:
        return plain(document()["components"]["schemas"][name]) | {
            k: plain(v) for k, v in schema.items() if k != "$ref"
        }
    return {name: plain(each) for name, each in schema.items()}

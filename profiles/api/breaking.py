"""Finds changes between two OpenAPI documents that break existing programs."""

from collections.abc import Iterator
from typing import Any

Part = dict[str, Any]


def breaking(old: Part, new: Part) -> list[str]:
    """Each breaking change, as a sentence. Additions break nothing, unless requests must have them."""
    return sorted(set(Comparison(old, new).operations()))


class Comparison:
    """Compares two documents."""

    def __init__(self, old: Part, new: Part) -> None:
        self.old, self.new = old, new

    def operations(self) -> Iterator[str]:
        for path, methods in self.old["paths"].items():
            for method, operation in methods.items():
                where, now = f"{method.upper()} {path}", self.new["paths"].get(path, {}).get(method)
                if now is None:
                    yield f"{where} is gone."
                else:
                    yield from self.operation(where, operation, now)

    def operation(self, where: str, old: Part, new: Part) -> Iterator[str]:
        yield from self.scopes(where, old, new)
        yield from self.parameters(where, old, new)
        yield from self.bodies(where, old, new)
        for status, answer in old["responses"].items():
            if status not in new["responses"]:
                yield f"{where} does not answer {status} any more."
                continue
            before, now = content(answer), content(new["responses"][status])
            for kind in before:
                if kind not in now:
                    yield f"{where} does not answer {status} as {kind} any more."
                else:
                    yield from self.answers(f"{where} {status}", before[kind]["schema"], now[kind]["schema"])

    def scopes(self, where: str, old: Part, new: Part) -> Iterator[str]:
        if old.get("security") != new.get("security"):
            yield f"{where} needs another scope."

    def parameters(self, where: str, old: Part, new: Part) -> Iterator[str]:
        before = {(each["in"], each["name"]): each for each in old.get("parameters", ())}
        now = {(each["in"], each["name"]): each for each in new.get("parameters", ())}
        for key in before.keys() - now.keys():
            yield f"{where} has no parameter {key[1]} any more."
        for key, each in now.items():
            if each.get("required") and not before.get(key, {}).get("required"):
                yield f"{where} needs the parameter {key[1]}."
        for key in before.keys() & now.keys():
            yield from self.requests(f"{where} {key[1]}", before[key]["schema"], now[key]["schema"])

    def bodies(self, where: str, old: Part, new: Part) -> Iterator[str]:
        before, now = content(old.get("requestBody", {})), content(new.get("requestBody", {}))
        for kind in before:
            if kind not in now:
                yield f"{where} does not take {kind} any more."
            else:
                yield from self.requests(f"{where} body", before[kind]["schema"], now[kind]["schema"])

    def requests(self, where: str, old: Part, new: Part) -> Iterator[str]:
        """Requests that were valid must stay valid."""
        before, now = resolved(self.old, old), resolved(self.new, new)
        yield from shapes(where, before, now)
        taken: list[Any] = before.get("enum", [])
        if lost := set(taken) - set(now.get("enum") or taken):
            yield f"{where} does not take {', '.join(map(str, sorted(lost)))} any more."
        for name in set(now.get("required", ())) - set(before.get("required", ())):
            yield f"{where} needs {name}."
        yield from self.properties(where, before, now, self.requests)

    def answers(self, where: str, old: Part, new: Part) -> Iterator[str]:
        """What programs read must still exist. Programs have to ignore additions."""
        before, now = resolved(self.old, old), resolved(self.new, new)
        yield from shapes(where, before, now)
        for name in set(before.get("required", ())) - set(now.get("required", ())):
            yield f"{where} may be without {name}."
        yield from self.properties(where, before, now, self.answers)
        if "items" in before and "items" in now:
            yield from self.answers(f"{where} items", before["items"], now["items"])

    def properties(self, where: str, before: Part, now: Part, compare: Any) -> Iterator[str]:
        there = now.get("properties", {})
        for name, each in before.get("properties", {}).items():
            if name not in there:
                yield f"{where} has no {name} any more."
            else:
                yield from compare(f"{where} {name}", each, there[name])


def shapes(where: str, before: Part, now: Part) -> Iterator[str]:
    if kinds(before) != kinds(now):
        yield f"{where} was {' or '.join(kinds(before))}, and is {' or '.join(kinds(now))}."


def kinds(schema: Part) -> list[str]:
    """The possible types of a value."""
    each = schema.get("anyOf", [schema])
    return sorted(f"{one.get('type', one.get('$ref', 'anything'))} {one.get('format', '')}".strip() for one in each)


def content(part: Part) -> Part:
    return part.get("content", {})


def resolved(document: Part, schema: Part) -> Part:
    name = schema.get("$ref", "").rpartition("/")[2]
    return document["components"]["schemas"][name] if name else schema

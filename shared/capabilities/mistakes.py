"""Mistakes that the class of a Capability shows by itself, each in a sentence. Raised when its apps.py is imported."""

from collections.abc import Iterator, Mapping
from difflib import get_close_matches
from types import UnionType
from typing import Any, Literal, get_args, get_origin

HINTS = {tuple: " with a comma at its end, as in (one,)", dict: " of names, as in {name: one}", str: " in quotes"}


def unknown_names(given: Mapping[str, Any], known: set[str]) -> Iterator[str]:
    for name in given:
        if not name.startswith("_") and name not in known:
            near = get_close_matches(name, known, n=1)
            hint = f" Do you mean {near[0]!r}?" if near else ""
            yield f"a capability has no attribute {name!r}.{hint} See docs/capabilities.md."


def wrong_types(given: Mapping[str, Any], declared: Mapping[str, Any]) -> Iterator[str]:
    """Values that are of another type than the declaration `ClassVar[…]`, or that have something of another type in
    them.
    """
    for name in declared.keys() & given.keys():
        [kind], value = get_args(declared[name]), given[name]
        outer = get_origin(kind) or kind
        if outer is Literal:
            if value not in get_args(kind):
                yield f"{name} is {value!r}. It has to be one of: {', '.join(map(repr, get_args(kind)))}."
        elif not isinstance(value, outer):
            yield f"{name} is a {type(value).__name__}. It has to be a {outer.__name__}{HINTS[outer]}."
        else:
            yield from (f"{name} has {each!r} in it. See docs/capabilities.md." for each in misfits(value, kind))


def misfits(value: Any, kind: Any) -> list[Any]:
    """What is in a tuple or a dict and is of another type than what it is for."""
    if isinstance(value, str):
        return []
    inner = get_args(kind)[1 if isinstance(value, dict) else 0]
    inner = inner if isinstance(inner, UnionType) else get_origin(inner) or inner
    return [each for each in (value.values() if isinstance(value, dict) else value) if not isinstance(each, inner)]

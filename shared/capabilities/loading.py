"""What the settings read from the installed capabilities."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from importlib import import_module
from inspect import getmembers, isclass
from typing import Any

from django.core.exceptions import ImproperlyConfigured

from shared.capabilities.base import Capability


@dataclass(frozen=True)
class Installed:
    """The capabilities in the order of CAPABILITIES."""

    classes: tuple[type[Capability], ...]

    def apps(self, lives_in: str = "") -> list[str]:
        """The names of all, or of those whose tables are in the schemas that `lives_in` names."""
        return [each.name for each in self.classes if lives_in in ("", each.lives_in)]

    def libraries(self, lives_in: str = "") -> list[str]:
        """The library apps that they need, each once."""
        return list(dict.fromkeys(self._all("libraries", lives_in)))

    def all(self, attribute: str) -> list[str]:
        """The entries of this attribute in all capabilities, in order."""
        return list(self._all(attribute, ""))

    def settings(self, env: Any) -> dict[str, Any]:
        """The settings of all capabilities. Dicts are joined.

        Raises ImproperlyConfigured if two capabilities set the same one, or the same key of a dict.
        """
        found: dict[str, Any] = {}
        for each in self.classes:
            for name, value in each.settings(env).items():
                both = isinstance(value, dict) and isinstance(found.get(name), dict)
                if name in found and not (both and value.keys().isdisjoint(found[name])):
                    raise ImproperlyConfigured(f"{each.name} sets {name}, which another capability sets too.")
                found[name] = found[name] | value if both else value
        return found

    def storages(self, env: Any) -> dict[str, Any]:
        """The storages of all capabilities, by alias (setting STORAGES)."""
        return {alias: storage for each in self.classes for alias, storage in each.storages(env).items()}

    def lanes(self) -> dict[str, dict[str, Any]]:
        """The lanes of all capabilities, by name (setting LANES)."""
        return {name: lane for each in self.classes for name, lane in each.lanes.items()}

    def limits(self) -> dict[str, dict[str, tuple[int, int]]]:
        """The rate limits of all capabilities, by the name of the action (setting LIMITS)."""
        return {action: limit for each in self.classes for action, limit in each.limits.items()}

    def _all(self, attribute: str, lives_in: str) -> Iterator[str]:
        for each in self.classes:
            if lives_in in ("", each.lives_in):
                yield from getattr(each, attribute)


def load(names: Sequence[str]) -> Installed:
    """The capabilities of these names.

    Raises ImproperlyConfigured, with a sentence, for an unknown name, for one that is listed twice, for a capability
    that requires another one which is not listed, and for two that require each other.
    """
    if twice := {name for name in names if names.count(name) > 1}:
        raise ImproperlyConfigured(f"CAPABILITIES lists {', '.join(sorted(twice))} twice.")
    classes = tuple(find(name) for name in names)
    for each in classes:
        if missing := [name for name in each.requires if name not in names]:
            gone = ", ".join(cannot_stay(classes))
            raise ImproperlyConfigured(
                f"{each.name} requires {', '.join(missing)}. Put it into CAPABILITIES, or take {gone} out too."
            )
    if ring := in_a_circle(classes):
        raise ImproperlyConfigured(f"{', '.join(ring)} require each other in a circle. Take one out of a `requires`.")
    return Installed(classes)


def in_a_circle(classes: Sequence[type[Capability]]) -> list[str]:
    """Those that require each other: neither those that need none of them, nor those that only need them."""
    left = {each.name: set(each.requires) for each in classes}
    while ground := {name for name, requires in left.items() if not requires}:
        left = {name: requires - ground for name, requires in left.items() if name not in ground}
    while tops := left.keys() - {name for requires in left.values() for name in requires}:
        left = {name: requires for name, requires in left.items() if name not in tops}
    return list(left)


def cannot_stay(classes: Sequence[type[Capability]]) -> list[str]:
    """Those that require one which is not listed, or one that cannot stay, in the order of the list."""
    there = {each.name for each in classes}
    while gone := {each.name for each in classes if each.name in there and not there.issuperset(each.requires)}:
        there -= gone
    return [each.name for each in classes if each.name not in there]


def find(name: str) -> type[Capability]:
    """The Capability that `<name>/apps.py` defines."""
    try:
        module = import_module(f"{name}.apps")
    except ModuleNotFoundError as error:
        if not f"{name}.apps.".startswith(f"{error.name}."):
            raise  # an import inside the module failed
        raise ImproperlyConfigured(f"CAPABILITIES lists {name!r}, but there is no {name}/apps.py.") from None
    own = (each for _, each in getmembers(module, isclass) if each.__module__ == module.__name__)
    found = [each for each in own if issubclass(each, Capability)]
    if len(found) != 1 or found[0].name != name:
        raise ImproperlyConfigured(f"{name}/apps.py has to define one Capability, with the name {name!r}.")
    return found[0]

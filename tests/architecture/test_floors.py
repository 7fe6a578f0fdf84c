"""Imports inside `tenants` and `profiles` point one way too: each folder may import those above it in these lists."""

import pytest

from tests.architecture.imports import ROOT, graph

# From the ground up. A room is a folder, or a module beside the folders; one may import the rooms before it.
# Capabilities may import all of them, but not each other (test_capabilities.py).
FLOORS = {
    "tenants": [
        *("errors", "eager", "current", "addresses", "fingerprint"),
        "limits",
        "once",
        "models",
        *("context", "allowances"),
        *("isolation", "signing", "storage"),
        *("append_only", "backend", "events", "notices", "signals", "tasks"),
        *("cleaning", "jobs", "serving"),
        "schemas",
        "organisations",
        *("readiness", "management"),
        *("apps", "urls"),
        "testing",
    ],
    "profiles": [
        *("roles", "role_lines", "guardian"),
        *("models", "seats"),
        *("requests", "role_form", "context_processors", "language"),
        *("access", "gone", "mail"),
        *("pictures", "sign_in", "oidc"),
        *("receivers", "people", "organisation", "account"),
        "invitations",
        "members",
        *("templatetags", "management", "tasks", "apps", "urls"),
        "testing",
    ],
}


def room(module: str) -> tuple[str, str]:
    layer, _, rest = module.partition(".")
    return layer, rest.partition(".")[0]


def is_capability(layer: str, name: str) -> bool:
    return (ROOT / layer / name / "apps.py").exists()


def arrows(layer: str) -> set[tuple[str, str]]:
    """Imports between the folders of a layer, as pairs."""
    pairs = ((room(source), room(target)) for source, targets in graph().items() for target in targets)
    return {(a[1], b[1]) for a, b in pairs if a[0] == b[0] == layer and a[1] != b[1] and b[1]}


@pytest.mark.parametrize("layer", FLOORS)
def test_every_room_has_its_floor(layer):
    rooms = {name for module in graph() if room(module)[0] == layer and (name := room(module)[1])}
    rooms -= {name for name in rooms if is_capability(layer, name)}
    assert rooms == set(FLOORS[layer])


@pytest.mark.parametrize("layer", FLOORS)
def test_a_room_imports_none_that_stands_on_it(layer):
    floors = FLOORS[layer]
    core = [(a, b) for a, b in sorted(arrows(layer)) if a in floors and b in floors]
    assert core
    assert [(a, b) for a, b in core if floors.index(a) < floors.index(b)] == []


def test_no_two_files_import_each_other_in_a_circle():
    """Not indirectly either: folders without remaining imports are removed, until none is left."""
    left = {module: set(targets) for module, targets in graph().items()}
    while ground := {module for module, targets in left.items() if not targets}:
        left = {module: targets - ground for module, targets in left.items() if module not in ground}
    assert left == {}

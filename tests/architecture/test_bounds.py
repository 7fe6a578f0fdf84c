"""Libraries whose internals we use have an upper bound in pyproject.toml: a newer release may change them."""

import ast
import tomllib
from collections.abc import Iterator
from importlib.metadata import packages_distributions

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from tests.architecture.imports import ROOT, modules

ASKED = [Requirement(line) for line in tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["dependencies"]]
BOUNDED = {canonicalize_name(asked.name) for asked in ASKED if any(each.operator == "<" for each in asked.specifier)}
LIBRARIES = {canonicalize_name(asked.name) for asked in ASKED}


def origins(tree: ast.AST) -> dict[str, str]:
    """The names that a file imports, and the module of each."""
    imports = [node for node in ast.walk(tree) if isinstance(node, ast.Import | ast.ImportFrom)]
    return {
        alias.asname or alias.name: node.module or "" if isinstance(node, ast.ImportFrom) else alias.name
        for node in imports
        for alias in node.names
    }


def is_private(name: str) -> bool:
    return name == "internal" or (name.startswith("_") and not name.startswith("__"))


def reached_into(tree: ast.AST) -> Iterator[str]:
    """Modules out of which private names are used, or in which a function is replaced."""
    imported = origins(tree)
    yield from (module for name, module in imported.items() if any(map(is_private, [name, *module.split(".")])))
    for node in ast.walk(tree):
        match node:
            case ast.Attribute(value=ast.Name(id=name), attr=used, ctx=access) if name in imported:
                if is_private(used) or isinstance(access, ast.Store):
                    yield imported[name]


def test_what_is_reached_into_is_bounded_above() -> None:
    reached = {module.partition(".")[0] for path in modules() for module in reached_into(ast.parse(path.read_text()))}
    distributions = packages_distributions()
    found = {canonicalize_name(name) for top in reached for name in distributions.get(top, ())} & LIBRARIES
    assert {"django", "django-allauth"} <= found
    assert found <= BOUNDED


@pytest.mark.parametrize(
    "line",
    [
        "from allauth.account.internal.flows import login",
        "from allauth.account import _login",
        "from allauth.account import login\nlogin.resume = None",
        "import allauth\nallauth._hidden()",
    ],
)
def test_reaching_inside_is_seen(line: str) -> None:
    assert [module.partition(".")[0] for module in reached_into(ast.parse(line))] == ["allauth"]


def test_the_documented_interface_needs_no_bound() -> None:
    assert list(reached_into(ast.parse("from cachetools import LRUCache\nLRUCache(maxsize=1).clear()"))) == []

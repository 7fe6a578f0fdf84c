"""What the files of the product import, read from their source."""

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path

ROOT = Path(__file__).parent.parent.parent
LAYERS = ["shared", "tenants", "profiles", "config"]


@cache
def modules() -> list[Path]:
    return [path for layer in LAYERS for path in sorted((ROOT / layer).rglob("*.py"))]


def module_name(path: Path) -> str:
    """profiles/people/views.py is profiles.people.views, and a folder's __init__.py the folder's own name."""
    return ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")


@cache
def imported(path: Path) -> tuple[str, ...]:
    """Every module that a file imports, inside functions and for types too; of `from a import b`, `a` and `a.b`."""
    return tuple(imports(path))


def imports(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path} imports relatively"
            yield str(node.module)
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


@cache
def graph() -> dict[str, set[str]]:
    """Our own modules that each file imports; without migrations, which repeat former code."""
    paths = {module_name(path): path for path in modules() if "migrations" not in path.parts}
    found: dict[str, set[str]] = {}
    for name, path in paths.items():
        named = [target for target in imported(path) if target in paths]
        # `from tenants.addresses import slugs` names the folder on the way to the file.
        files = {target for target in named if not any(other.startswith(f"{target}.") for other in named)}
        found[name] = files - {name}
    return found

"""What the files of the product import, read from their source."""

import ast
from collections.abc import Collection, Iterator
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
    return tuple(dict.fromkeys(name for names in imports(path) for name in reversed(names)))


def imports(path: Path) -> Iterator[tuple[str, ...]]:
    """What each import can mean, the most exact first: `from a import b` is the module `a.b`, or a name in `a`."""
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            yield from ((alias.name,) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path} imports relatively"
            yield from ((f"{node.module}.{alias.name}", str(node.module)) for alias in node.names)


def files(path: Path, known: Collection[str]) -> set[str]:
    """The known modules that a file imports; of `from tenants.addresses import slugs` the file, not its folder."""
    found = (next((name for name in names if name in known), None) for names in imports(path))
    return {name for name in found if name}


@cache
def graph() -> dict[str, set[str]]:
    """Our own modules that each file imports; without migrations, which repeat former code."""
    paths = {module_name(path): path for path in modules() if "migrations" not in path.parts}
    return {name: files(path, paths) - {name} for name, path in paths.items()}

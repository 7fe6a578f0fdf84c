"""Imports and templates point one way: shared ← tenants ← profiles ← config."""

import re
from pathlib import Path

from tests.architecture.imports import LAYERS, ROOT, files, imported, modules


def layers_above(path: Path) -> list[str]:
    return LAYERS[LAYERS.index(path.relative_to(ROOT).parts[0]) + 1 :]


def test_a_module_imports_no_layer_above_its_own():
    assert len(modules()) > 500
    found = [
        f"{path.relative_to(ROOT)} imports {name}"
        for path in modules()
        for name in imported(path)
        if name.partition(".")[0] in layers_above(path)
    ]
    assert found == []


def test_a_folder_is_seen_beside_a_file_in_it(tmp_path):
    """It was overlooked where a file imports from both, and with it a circle through the folder's __init__.py."""
    file = tmp_path / "views.py"
    file.write_text("from a.models import User\nfrom a.models.user import Members\nfrom a import roles\n")
    known = {"a", "a.models", "a.models.user", "a.roles"}
    assert files(file, known) == {"a.models", "a.models.user", "a.roles"}


def test_the_product_imports_nothing_of_its_tests():
    """Neither tests/ nor a folder `testing` is in the image, nor is pytest."""
    product = [path for path in modules() if "testing" not in path.parts]
    of_tests = [(str(path), name) for path in product for name in imported(path) if is_of_tests(name)]
    assert of_tests == []


def is_of_tests(name: str) -> bool:
    first, *rest = name.split(".")
    return first in ("tests", "pytest") or (first in LAYERS and "testing" in rest)


def test_shared_knows_no_tenant_and_no_profile():
    """Not by name either: it gets them from settings and template context."""
    text = "".join(path.read_text() for path in (ROOT / "shared").rglob("*.py"))
    assert not re.search(r"\b(from|import) (tenants|profiles)\b", text)


# Templates: what one extends or includes is named with its layer's folder in front.
def templates() -> list[Path]:
    return [path for layer in LAYERS[:3] for path in sorted((ROOT / layer).rglob("templates/**/*.*"))]


def test_a_template_uses_none_of_a_layer_above():
    assert len(templates()) > 100
    found = [
        f"{path.relative_to(ROOT)} uses {name}"
        for path in templates()
        for name in re.findall(r"""{%\s*(?:extends|include)\s+["']([^"']+)["']""", path.read_text())
        if name.partition("/")[0] in layers_above(path)
    ]
    assert found == []


def test_the_templates_of_shared_link_to_pages_of_shared_only():
    """Other names would not be found on the other site."""
    text = "".join(path.read_text() for path in (ROOT / "shared").rglob("templates/**/*.html"))
    addresses = "".join(path.read_text() for path in (ROOT / "shared").rglob("*urls.py"))
    own = set(re.findall(r'\bname="(\w+)"', addresses))
    assert set(re.findall(r"""{%\s*url\s+["']([^"']+)["']""", text)) <= own

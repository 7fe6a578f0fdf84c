"""Joins the pages' style sheets into one file, `shared/css/site.css`, so that a page needs one request.

The order is that of SHEETS; those of capabilities (`css` in docs/capabilities.md) follow. The file is generated on
demand: there is no build step.
"""

from collections.abc import Iterator
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import Any

from django.conf import settings
from django.contrib.staticfiles import finders
from django.core.files.storage import FileSystemStorage

from shared.capabilities import registry

NAME = "shared/css/site.css"
FOLDER = Path(__file__).parent / "static" / "shared" / "css"
# reset.css declares the order of the layers.
SHEETS = (
    "reset",
    "tokens",
    "base",
    "layout",
    "components",
    "navigation",
    "patterns",
    "forms",
    "collections",
    "utilities",
)


class StyleSheetFinder(finders.BaseFinder):
    """A static files finder for the joined file."""

    def check(self, **_options: Any) -> list[Any]:
        return []

    def find(self, path: str, find_all: bool = False, **_options: Any) -> Any:
        if path != NAME:
            return []
        found = str(made())
        return [found] if find_all else found

    def list(self, _ignore_patterns: Any) -> Iterator[tuple[str, FileSystemStorage]]:
        made()
        yield NAME, FileSystemStorage(location=settings.STYLE_SHEET_DIR)


def made() -> Path:
    """The joined file, written again if one of its parts has changed."""
    file, text = Path(settings.STYLE_SHEET_DIR) / NAME, joined()
    if not file.exists() or file.read_text() != text:
        file.parent.mkdir(parents=True, exist_ok=True)
        with NamedTemporaryFile("w", dir=file.parent, delete=False) as new:
            new.write(text)
        Path(new.name).chmod(0o644)
        Path(new.name).replace(file)  # atomically, since other processes may be reading it
    return file


def joined() -> str:
    added = [Path(path) for name in registry.files("css") if (path := finders.find(name))]
    return "\n".join(path.read_text() for path in [*(FOLDER / f"{name}.css" for name in SHEETS), *added])

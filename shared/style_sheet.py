"""The pages' style sheets as one file, so that a page asks for one: `shared/css/site.css`, made when it is asked for.

The order is that of SHEETS. Each stays a small file to read; there is nothing to be built by hand.
"""

from collections.abc import Iterator
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import Any

from django.conf import settings
from django.contrib.staticfiles.finders import BaseFinder
from django.core.files.storage import FileSystemStorage

NAME = "shared/css/site.css"
FOLDER = Path(__file__).parent / "static" / "shared" / "css"
# reset.css states the order of the layers.
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


class StyleSheetFinder(BaseFinder):
    """Finds the joined file as if it lay beside those that it is made of."""

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
    """The joined file, written anew where one of its parts has changed."""
    file, text = Path(settings.STYLE_SHEET_DIR) / NAME, joined()
    if not file.exists() or file.read_text() != text:
        file.parent.mkdir(parents=True, exist_ok=True)
        with NamedTemporaryFile("w", dir=file.parent, delete=False) as new:
            new.write(text)
        Path(new.name).chmod(0o644)
        Path(new.name).replace(file)  # whole, for other processes that read it at this moment
    return file


def joined() -> str:
    return "\n".join((FOLDER / f"{name}.css").read_text() for name in SHEETS)

"""Our own icons: strokes on a grid of 24 units, drawn within the page, so that none is asked for and none flashes."""

from functools import cache
from pathlib import Path
from xml.etree import ElementTree

from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

SPRITE = Path(__file__).parent / "templates" / "shared" / "icons.svg"
# They point along the line of text, and to the other side where that runs from right to left.
DIRECTIONAL = {"next", "back", "sign-out", "sign-in", "send"}
_SVG = "{http://www.w3.org/2000/svg}"


@cache
def drawings() -> dict[str, SafeString]:
    """What is inside each symbol of the sprite, by its name."""
    ElementTree.register_namespace("", _SVG.strip("{}"))
    symbols = ElementTree.parse(SPRITE).getroot().iter(f"{_SVG}symbol")  # noqa: S314  our own file
    return {symbol.attrib["id"]: mark_safe("".join(map(_markup, symbol))) for symbol in symbols}  # noqa: S308  the same


def _markup(shape: ElementTree.Element) -> str:
    attributes = "".join(f' {name}="{value}"' for name, value in shape.attrib.items())
    return f"<{shape.tag.removeprefix(_SVG)}{attributes}/>"


def icon(name: str) -> SafeString:
    """An icon, for eyes only: words stand beside it. Raises LookupError for no such name."""
    if name not in drawings():
        raise LookupError(f"There is no icon {name!r} in {SPRITE.name}. There are: {', '.join(sorted(drawings()))}.")
    kind = "icon icon--directional" if name in DIRECTIONAL else "icon"
    return format_html('<svg class="{}" viewBox="0 0 24 24" aria-hidden="true">{}</svg>', kind, drawings()[name])

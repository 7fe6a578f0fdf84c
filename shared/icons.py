"""Our icons: strokes on a grid of 24 units, as inline SVG, so that they need no request and appear at once."""

from functools import cache
from pathlib import Path
from xml.etree import ElementTree

from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

SPRITE = Path(__file__).parent / "templates" / "shared" / "icons.svg"
# Icons that follow the direction of text, and are mirrored in languages that run from right to left.
DIRECTIONAL = {"next", "back", "sign-out", "sign-in", "send"}
_SVG = "{http://www.w3.org/2000/svg}"


@cache
def drawings() -> dict[str, SafeString]:
    """The content of each symbol of the sprite, by name."""
    ElementTree.register_namespace("", _SVG.strip("{}"))
    symbols = ElementTree.parse(SPRITE).getroot().iter(f"{_SVG}symbol")  # noqa: S314  our own file
    return {symbol.attrib["id"]: mark_safe("".join(map(_markup, symbol))) for symbol in symbols}  # noqa: S308  the same


def _markup(shape: ElementTree.Element) -> str:
    attributes = "".join(f' {name}="{value}"' for name, value in shape.attrib.items())
    return f"<{shape.tag.removeprefix(_SVG)}{attributes}/>"


def icon(name: str) -> SafeString:
    """An icon that is hidden from screen readers, since there is text beside it. Raises LookupError if unknown."""
    if name not in drawings():
        raise LookupError(f"There is no icon {name!r} in {SPRITE.name}. The icons are {', '.join(sorted(drawings()))}.")
    kind = "icon icon--directional" if name in DIRECTIONAL else "icon"
    return format_html('<svg class="{}" viewBox="0 0 24 24" aria-hidden="true">{}</svg>', kind, drawings()[name])

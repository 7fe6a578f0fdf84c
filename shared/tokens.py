"""The colours of shared/static/shared/css/tokens.css where no style sheet is: in mails, and in the browser's frame."""

import re
from functools import cache
from math import radians
from pathlib import Path
from typing import Literal

from shared.colours import hexadecimal

Side = Literal["light", "dark"]

FILE = Path(__file__).parent / "static" / "shared" / "css" / "tokens.css"
COLOUR = r"(oklch\([\d. ]+\)|#[0-9a-fA-F]{6})"
TOKEN = re.compile(rf"--([\w-]+):\s*(?:light-dark\(\s*{COLOUR},\s*{COLOUR}\s*\)|{COLOUR});")


def token(name: str, side: Side = "light") -> str:
    """A colour by its name without the dashes, as "#rrggbb". Raises ValueError if the file has none of that name."""
    try:
        return tokens()[name][side]
    except KeyError as error:
        raise ValueError(
            f"{FILE} has no colour --{name}, as oklch(…) or #rrggbb, alone or in light-dark(…, …)."
        ) from error


@cache
def tokens() -> dict[str, dict[Side, str]]:
    found = TOKEN.findall(FILE.read_text())
    return {name: {"light": hexa(light or both), "dark": hexa(dark or both)} for name, light, dark, both in found}


def hexa(colour: str) -> str:
    if colour.startswith("#"):
        return colour.lower()
    lightness, chroma, hue = map(float, colour.removeprefix("oklch(").removesuffix(")").split())
    return hexadecimal(lightness, chroma, radians(hue))

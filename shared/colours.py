"""Corrects an accent colour for both colour schemes, so that text in it and on it is readable.

Contrast is WCAG's: 4.5 for text, which is more than the 3 for parts (https://www.w3.org/TR/WCAG22/#contrast-minimum).
Lightness is changed in OKLCH, which preserves the perceived hue (https://www.w3.org/TR/css-color-4/#ok-lab).
"""

import re
from dataclasses import dataclass
from functools import lru_cache
from math import atan2, cos, hypot, sin

Triple = tuple[float, float, float]

COLOUR = re.compile(r"#[0-9a-f]{6}")
TEXT = 4.5
# The backgrounds in css/tokens.css with the least contrast to text in the accent: --sunken, and the lightness of the
# accent's own soft background.
SUNKEN_LIGHT, SUNKEN_DARK = (0.957, 0.007, 1.47), (0.262, 0.008, 1.31)
SOFT_LIGHT, SOFT_DARK = 0.945, 0.3


@dataclass(frozen=True)
class Scheme:
    """The four colours of one scheme, each as "#rrggbb"."""

    accent: str
    strong: str  # on hover
    soft: str  # a background
    on: str  # text on the accent


@dataclass(frozen=True)
class Look:
    light: Scheme
    dark: Scheme


@lru_cache(maxsize=256)
def look(colour: str) -> Look:
    """The look of an accent colour. Raises ValueError unless it is "#rrggbb"."""
    if not COLOUR.fullmatch(colour):
        raise ValueError(f"{colour!r} is not a colour such as #2456b8.")
    lightness, chroma, hue = oklch(colour)
    soft = hexadecimal(SOFT_LIGHT, min(chroma, 0.035), hue)
    lightness = readable(lightness, chroma, hue, -0.01, (soft, hexadecimal(*SUNKEN_LIGHT)))
    light = Scheme(
        hexadecimal(lightness, chroma, hue), hexadecimal(lightness - 0.07, chroma, hue), soft, hexadecimal(0.99, 0, 0)
    )
    soft = hexadecimal(SOFT_DARK, min(chroma, 0.04), hue)
    chroma = min(chroma, 0.14)  # Highly saturated colours flicker on a dark background.
    lightness = readable(max(0.72, lightness), chroma, hue, 0.01, (soft, hexadecimal(*SUNKEN_DARK)))
    dark = Scheme(
        hexadecimal(lightness, chroma, hue),
        hexadecimal(lightness + 0.06, chroma, hue),
        soft,
        hexadecimal(0.2, min(chroma, 0.03), hue),
    )
    return Look(light, dark)


def readable(lightness: float, chroma: float, hue: float, step: float, grounds: tuple[str, ...]) -> float:
    """The nearest lightness, in steps down or up, with enough contrast for text on all of these backgrounds."""
    while 0 < lightness < 1 and min(contrast(hexadecimal(lightness, chroma, hue), each) for each in grounds) < TEXT:
        lightness += step
    return lightness


def contrast(one: str, other: str) -> float:
    """The contrast ratio, from 1 to 21."""
    darker, lighter = sorted(
        0.2126 * red + 0.7152 * green + 0.0722 * blue for red, green, blue in map(linear, (one, other))
    )
    return (lighter + 0.05) / (darker + 0.05)


def linear(colour: str) -> Triple:
    """Linear red, green and blue, each from 0 to 1."""
    red, green, blue = (int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5))
    return _linear(red), _linear(green), _linear(blue)


def _linear(value: float) -> float:
    return value / 12.92 if value <= 0.04045 else ((value + 0.055) / 1.055) ** 2.4


def _encoded(value: float) -> float:
    return value * 12.92 if value <= 0.0031308 else 1.055 * value ** (1 / 2.4) - 0.055


def oklch(colour: str) -> Triple:
    """Lightness and chroma, and the hue in radians."""
    red, green, blue = linear(colour)
    long = (0.4122214708 * red + 0.5363325363 * green + 0.0514459929 * blue) ** (1 / 3)
    middle = (0.2119034982 * red + 0.6806995451 * green + 0.1073969566 * blue) ** (1 / 3)
    short = (0.0883024619 * red + 0.2817188376 * green + 0.6299787005 * blue) ** (1 / 3)
    lightness = 0.2104542553 * long + 0.7936177850 * middle - 0.0040720468 * short
    a = 1.9779984951 * long - 2.4285922050 * middle + 0.4505937099 * short
    b = 0.0259040371 * long + 0.7827717662 * middle - 0.8086757660 * short
    return lightness, hypot(a, b), atan2(b, a)


def hexadecimal(lightness: float, chroma: float, hue: float) -> str:
    """The colour as "#rrggbb", with as much of its chroma as sRGB can show."""
    while True:
        values = _rgb(lightness, chroma, hue)
        if chroma <= 0.001 or all(-0.0005 <= value <= 1.0005 for value in values):
            return "#" + "".join(f"{round(255 * _encoded(min(1, max(0, value)))):02x}" for value in values)
        chroma *= 0.96


def _rgb(lightness: float, chroma: float, hue: float) -> Triple:
    a, b = chroma * cos(hue), chroma * sin(hue)
    long = (lightness + 0.3963377774 * a + 0.2158037573 * b) ** 3
    middle = (lightness - 0.1055613458 * a - 0.0638541728 * b) ** 3
    short = (lightness - 0.0894841775 * a - 1.2914855480 * b) ** 3
    return (
        4.0767416621 * long - 3.3077115913 * middle + 0.2309699292 * short,
        -1.2684380046 * long + 2.6097574011 * middle - 0.3413193965 * short,
        -0.0041960863 * long - 0.7034186147 * middle + 1.7076147010 * short,
    )

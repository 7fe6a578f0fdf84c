"""The square that is cut out of a picture: chosen by the person in the browser, or by default."""

import re
from typing import NamedTuple

# Fractions of width, height and shorter side: "0.100000,0.250000,0.500000". The browser sends it with the picture.
CROP = re.compile(r"([01]\.\d{1,6}),([01]\.\d{1,6}),([01]\.\d{1,6})", re.ASCII)
# A smaller square would be enlarged too much.
SMALLEST = 0.2


class Crop(NamedTuple):
    """Left and top as fractions of the upright picture's width and height; the side as one of the shorter side."""

    left: float
    top: float
    size: float

    def of(self, width: int, height: int) -> tuple[int, int, int]:
        """The square in pixels: left, top and side. It is within the picture for all values."""
        side = max(1, round(self.size * min(width, height)))
        return min(round(self.left * width), width - side), min(round(self.top * height), height - side), side


def parsed(text: str) -> Crop | None:
    """The crop that a browser has sent; None if it is invalid."""
    found = CROP.fullmatch(text)
    if not found:
        return None
    left, top, size = map(float, found.groups())
    return Crop(left, top, min(max(size, SMALLEST), 1))


def sensible(width: int, height: int) -> tuple[int, int, int]:
    """The centre of a wide picture; for a tall one, the square centred on the end of the upper third."""
    side = min(width, height)
    return (width - side) // 2, max(0, height // 3 - side // 2), side

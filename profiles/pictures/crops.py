"""The square that is cut out of a picture: what a person chose in the browser, or a sensible one."""

import re
from dataclasses import dataclass

# Parts of width, height and shorter side: "0.100000,0.250000,0.500000". The browser sends it with the picture.
CROP = re.compile(r"([01]\.\d{1,6}),([01]\.\d{1,6}),([01]\.\d{1,6})", re.ASCII)
# A smaller part would be enlarged too much.
SMALLEST = 0.2


@dataclass(frozen=True)
class Crop:
    """Left and top as parts of the upright picture's width and height, and the side as a part of its shorter side."""

    left: float
    top: float
    size: float

    def of(self, width: int, height: int) -> tuple[int, int, int]:
        """The square in pixels: left, top and side. It lies within the picture, whatever was sent."""
        side = max(1, round(self.size * min(width, height)))
        return min(round(self.left * width), width - side), min(round(self.top * height), height - side), side


def parsed(text: str) -> Crop | None:
    """The crop that a browser has sent; None for what is none."""
    found = CROP.fullmatch(text)
    if not found:
        return None
    left, top, size = map(float, found.groups())
    return Crop(left, top, min(max(size, SMALLEST), 1))


def sensible(width: int, height: int) -> tuple[int, int, int]:
    """The middle of a wide picture; of a high one the square around the end of the upper third."""
    side = min(width, height)
    return (width - side) // 2, max(0, height // 3 - side // 2), side

"""Draws portraits of the demo's people, so that its pages have photos without image files in the repository."""

import io
from dataclasses import dataclass

from PIL import Image, ImageDraw

SIDE = 512
_SCALE = 2  # Drawn larger, for smooth edges.


@dataclass(frozen=True)
class Looks:
    """Colours as CSS writes them."""

    ground: str
    skin: str
    hair: str


def portrait(looks: Looks) -> bytes:
    """Head and shoulders as a PNG."""
    image = Image.new("RGB", (SIDE * _SCALE, SIDE * _SCALE), looks.ground)
    draw = ImageDraw.Draw(image)
    for shape, fill in (
        ((86, 370, 426, 700), "#f4efe6"),  # shoulders
        ((214, 290, 298, 410), looks.skin),  # neck
        ((150, 88, 362, 330), looks.hair),
        ((170, 122, 342, 342), looks.skin),  # face
    ):
        draw.ellipse([edge * _SCALE for edge in shape], fill=fill)
    file = io.BytesIO()
    image.resize((SIDE, SIDE), Image.Resampling.LANCZOS).save(file, "PNG")
    return file.getvalue()

"""What uploads may cost at most, made to be as dear as they can be: 200 MB and two seconds of the processor each."""

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from PIL import Image

from profiles.pictures import decoding
from tests.profiles.pictures.made import (
    RED,
    animation,
    blank_png,
    jpeg_segment,
    passes,
    png_chunk,
    png_of,
    quarters,
    saved,
    srgb_profile,
    zipped,
)

pytestmark = pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="reads the peak from Linux' /proc")


@pytest.mark.parametrize("kind", ["JPEG", "progressive JPEG", "PNG", "WebP"])
def test_the_largest_pictures_take_less_than_200_megabytes_and_two_seconds(kind: str, tmp_path: Path) -> None:
    side = int((decoding.MAX_MEGAPIXELS[kind] * 1_000_000) ** 0.5)
    path = tmp_path / "largest"
    if kind == "PNG":
        path.write_bytes(blank_png(side, side))
    elif kind == "WebP":
        path.write_bytes(saved(Image.new("RGBA", (side, side)), "WEBP", lossless=True, method=0))
    else:
        progressive = kind != "JPEG"
        path.write_bytes(saved(Image.new("CMYK", (side, side)), "JPEG", progressive=progressive, subsampling=0))
    megabytes, seconds, taken = cost(path)
    assert taken == 1
    assert megabytes < 200
    assert seconds < 2


# Small files that are large, or long, for whoever is careless: each has its limit, or is cut down before it is decoded.
BOMBS: dict[str, Callable[[], bytes]] = {
    "pixels": lambda: saved(Image.new("P", (5000, 5000)), "GIF"),
    "pixels of 16 bits": lambda: saved(Image.new("I;16", (5000, 5000)), "PNG"),
    "transparent pixels": lambda: saved(Image.new("P", (5000, 5000)), "PNG", transparency=0),
    "zipped pixels behind the last": lambda: png_of(8, 8, zipped(100)),
    "a zipped profile": lambda: blank_png(64, 64, extra=png_chunk(b"iCCP", b"a\0\0" + zipped(100))),
    "zipped texts": lambda: blank_png(64, 64, extra=png_chunk(b"zTXt", b"a\0\0" + zipped(1)) * 200),
    "frames": lambda: animation("GIF", 200),
    "large frames": lambda: saved(
        Image.new("RGBA", (3300, 3300)),
        "WEBP",
        save_all=True,
        append_images=[Image.new("RGBA", (3300, 3300), RED)],
        lossless=True,
        method=0,
    ),
    "passes": lambda: passes(3870, 32),
    "tables": lambda: saved(quarters(), "JPEG")[:2] + jpeg_segment(0xDB) * 19_000 + saved(quarters(), "JPEG")[2:],
    "a long profile": lambda: saved(quarters(), "JPEG", icc_profile=srgb_profile() + bytes(4_000_000)),
}


def test_all_bombs_together_take_less_than_200_megabytes_and_each_two_seconds(tmp_path: Path) -> None:
    for name, bomb in BOMBS.items():
        (tmp_path / name).write_bytes(bomb())
    megabytes, seconds, taken = cost(*tmp_path.iterdir())
    assert megabytes < 200
    assert seconds < 2
    assert taken == len(BOMBS) - 1, "The zipped profile is refused."


def cost(*paths: Path) -> tuple[float, float, int]:
    """What processing these files adds to the memory of a process of its own at its peak, in megabytes; the
    processor's time for the one that takes most, in seconds; and how many were taken for pictures.
    """
    program = """
import re, sys, time
from contextlib import suppress
from pathlib import Path
from django.core.exceptions import ValidationError
from profiles.pictures import decoding
from tests.profiles.pictures.made import photograph
def peak(): return int(re.search(r"VmHWM:\\s+(\\d+)", Path("/proc/self/status").read_text())[1]) / 1024
files = [Path(path).read_bytes() for path in sys.argv[1:]]
decoding.process(photograph())
before, longest, taken = peak(), 0, 0
for data in files:
    began = time.process_time()
    with suppress(ValidationError):
        decoding.process(data)
        taken += 1
    longest = max(longest, time.process_time() - began)
print(peak() - before, longest, taken)
"""
    run = subprocess.run([sys.executable, "-c", program, *paths], capture_output=True, text=True, check=True)
    megabytes, seconds, taken = run.stdout.split()
    return float(megabytes), float(seconds), int(taken)

"""What uploads may cost at most, made to be as dear as they can be: 225 MB and two seconds of the processor each."""

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from profiles.pictures import decoding
from tests.daily import part_each_day
from tests.profiles.pictures.made import (
    RED,
    animation,
    blank_png,
    gif_with,
    icc_bomb,
    jpeg_segment,
    passes,
    png_chunk,
    png_of,
    quarters,
    riff,
    saved,
    srgb_profile,
    zipped,
)

pytestmark = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="reads the peak from Linux' /proc")


# Of GIF below. Of HEIF the worker's limits alone: nothing that we have makes one.
@pytest.mark.slow
@pytest.mark.parametrize("kind", [kind for kind in decoding.MAX_MEGAPIXELS if kind not in {"GIF", "HEIF"}])
def test_the_largest_pictures_take_less_than_225_megabytes_and_two_seconds(kind: str, tmp_path: Path) -> None:
    side = int((decoding.MAX_MEGAPIXELS[kind] * 1_000_000) ** 0.5)
    path = tmp_path / "largest"
    path.write_bytes(largest(kind, side))
    megabytes, seconds, refused = cost(path)
    assert refused == ""
    assert megabytes < 225
    assert seconds < 2


@pytest.mark.slow
@pytest.mark.parametrize(("kind", "size"), [("progressive JPEG", (6120, 4080)), ("WebP", (4096, 3072))])
def test_the_largest_noisy_photos_fit_with_a_tenth_to_spare(kind: str, size: tuple[int, int], tmp_path: Path) -> None:
    """Noise takes more memory than a plain surface: the file itself, and what the decoder keeps of it. This JPEG is as
    large as cameras' are, and can be halved while it is decoded, but no more.
    """
    noise = Image.merge("RGB", [Image.effect_noise(size, 30) for _ in range(3)])
    options: dict[str, Any] = (
        {"quality": 60, "progressive": True, "subsampling": 0} if "JPEG" in kind else {"quality": 85, "method": 0}
    )
    path = tmp_path / "noise"
    path.write_bytes(saved(noise, kind.rpartition(" ")[2], **options))
    megabytes, seconds, refused = cost(path)
    assert refused == ""
    assert 150 < megabytes < 225
    assert seconds < 2


def largest(kind: str, side: int) -> bytes:
    if kind == "PNG":
        return blank_png(side, side)
    if kind == "WebP":
        return saved(Image.new("RGBA", (side, side)), "WEBP", lossless=True, method=0)
    if kind == "AVIF":
        return saved(Image.new("RGBA", (side, side), (9, 80, 200, 90)), "AVIF", speed=10, subsampling="4:4:4")
    colours = "RGB" if kind == "progressive JPEG" else "CMYK"
    return saved(Image.new(colours, (side, side)), "JPEG", progressive="progressive" in kind, subsampling=0)


# Small files that take a careless decoder much memory or time. Each meets a limit, or is reduced before it is decoded.
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
    "a profile of many elements": lambda: saved(quarters(), "PNG", icc_profile=icc_bomb()),
    "many zipped profiles": lambda: blank_png(64, 64, extra=png_chunk(b"iCCP", b"a\0\0" + zipped(1)) * 2000),
    "many chunks": lambda: riff(saved(quarters(), "WEBP")[12:] + b"abcd\0\0\0\0" * 1_000_000),
    "many blocks": lambda: gif_with(b",\0\0\0\0\x78\0\x78\0\0\2" + b"\1\0" * 4_000_000 + b"\0"),
    "many pictures": lambda: gif_with((b"," + bytes(8) + b"\0\2\0") * 800_000),
}
# The zipped profile, and what has more than 20,000 parts.
DAMAGED = {"a zipped profile", "many chunks", "many pictures"}


@pytest.mark.parametrize("name", part_each_day(BOMBS))
def test_bombs_take_less_than_225_megabytes_and_two_seconds(name: str, tmp_path: Path) -> None:
    (tmp_path / "bomb").write_bytes(BOMBS[name]())
    megabytes, seconds, refused = cost(tmp_path / "bomb")
    assert megabytes < 225
    assert seconds < 2
    assert refused == ("damaged" if name in DAMAGED else "")


def cost(path: Path) -> tuple[float, float, str]:
    """What the worker that decodes this file takes at its peak, in megabytes; its time of the processor, in seconds;
    and the code of its refusal.
    """
    program = """
import re, sys, time
from pathlib import Path
from profiles.pictures.worker import main
main()
peak = re.search(r"VmHWM:\\s+(\\d+)", Path("/proc/self/status").read_text())[1]
print(int(peak) / 1000, time.process_time(), file=sys.stderr)
"""
    with path.open("rb") as upload:
        run = subprocess.run([sys.executable, "-c", program], stdin=upload, capture_output=True, text=True, check=True)
    megabytes, seconds = run.stderr.split()
    return float(megabytes), float(seconds), json.loads(run.stdout).get("code", "")

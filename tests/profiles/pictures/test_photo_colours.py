"""Colours of uploaded photos are shown as they were meant, whatever the mode of the file."""

import io
import struct
import zlib

import pytest
from PIL import Image, ImageCms

from profiles.pictures import decoding
from tests.profiles.pictures.made import (
    BLUE,
    GREEN,
    RED,
    WHITE,
    png_chunk,
    quarters,
    saved,
    srgb_profile,
)
from tests.profiles.pictures.shown import close, shows, square


@pytest.mark.parametrize(
    ("kind", "mode"),
    [
        ("JPEG", "RGB"),
        ("JPEG", "CMYK"),
        ("PNG", "RGB"),
        ("PNG", "RGBA"),
        ("PNG", "P"),
        ("GIF", "P"),
        ("WEBP", "RGB"),
        ("WEBP", "RGBA"),
    ],
)
def test_colours_are_right_in_every_mode(kind: str, mode: str) -> None:
    assert shows(square(saved(quarters(mode), kind)), RED, GREEN, BLUE, WHITE)


def test_jpeg_that_is_stored_as_rgb_keeps_its_colours() -> None:
    """Only Adobe's segment tells, when the components are numbered instead of named R, G and B."""
    data = saved(quarters(), "JPEG", keep_rgb=True)
    numbered = data.replace(b"R\x11\0G\x11\0B\x11\0", b"\1\x11\0\2\x11\0\3\x11\0")
    numbered = numbered.replace(b"\3R\0G\0B\0", b"\3\1\0\2\0\3\0")
    assert numbered != data
    assert shows(square(numbered), RED, GREEN, BLUE, WHITE)


@pytest.mark.parametrize("mode", ["1", "L", "LA"])
def test_grey_stays_grey(mode: str) -> None:
    image = Image.new("L", (120, 120), 0)
    image.paste(255, (60, 0, 120, 120))
    black = (0, 0, 0)
    assert shows(square(saved(image.convert(mode), "PNG")), black, WHITE, black, WHITE)


def test_sixteen_bits_of_grey_are_scaled_not_cut() -> None:
    half_light = saved(Image.new("I;16", (90, 90), 128 * 256), "PNG")
    assert close(square(half_light).getpixel((9, 9)), (128, 128, 128), by=3)


@pytest.mark.parametrize(
    ("bits", "kind", "hidden", "shown"),
    [
        (16, 0, (258,), (256,)),
        (16, 2, (258, 258, 258), (0, 0, 0)),
        (8, 0, (9,), (8,)),
        (4, 0, (3,), (1,)),
        (2, 0, (1,), (0,)),
        (1, 0, (0,), (1,)),
    ],
)
def test_transparent_level_of_any_depth_becomes_white(
    bits: int, kind: int, hidden: tuple[int, ...], shown: tuple[int, ...]
) -> None:
    """A row of hidden pixels above a row of others."""
    rows = b"".join(b"\0" + packed(level, bits) for level in (hidden, shown))
    transparent = png_chunk(b"tRNS", struct.pack(f">{len(hidden)}H", *hidden))
    with Image.open(io.BytesIO(decoding.process(plain_png(bits, kind, rows, transparent))[512])) as image:
        above, below = image.getpixel((256, 20)), image.getpixel((256, 490))
    assert close(above, (255, 255, 255), by=2)
    assert close(below, (255, 255, 255), by=2) == (bits == 1)


def packed(levels: tuple[int, ...], bits: int) -> bytes:
    """Two pixels of these levels."""
    if bits >= 8:
        return b"".join(level.to_bytes(bits // 8, "big") for level in levels) * 2
    return bytes([(levels[0] << bits | levels[0]) << 8 - 2 * bits])


def plain_png(bits: int, kind: int, rows: bytes, chunks: bytes) -> bytes:
    """Two pixels wide and high."""
    header = png_chunk(b"IHDR", struct.pack(">IIBBBBB", 2, 2, bits, kind, 0, 0, 0))
    pixels = png_chunk(b"IDAT", zlib.compress(rows))
    return b"\x89PNG\r\n\x1a\n" + header + chunks + pixels + png_chunk(b"IEND")


@pytest.mark.parametrize("kind", ["PNG", "WEBP"])
def test_transparent_pixels_become_white_and_hide_nothing(kind: str) -> None:
    image = quarters("RGBA")
    image.putalpha(0)
    secret = saved(image, kind, **({"lossless": True, "exact": True} if kind == "WEBP" else {}))
    assert shows(square(secret), WHITE, WHITE, WHITE, WHITE)


def test_transparent_palette_entry_becomes_white() -> None:
    image = quarters("P")
    assert shows(square(saved(image, "GIF", transparency=image.getpixel((0, 0)))), WHITE, GREEN, BLUE, WHITE)


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_colour_profile_is_applied(kind: str) -> None:
    reddish = Image.new("RGB", (90, 90), (200, 60, 60))
    plain, profiled = saved(reddish, kind), saved(reddish, kind, icc_profile=swapped_profile())
    assert close(square(plain).getpixel((50, 50)), (200, 60, 60))
    assert not close(square(profiled).getpixel((50, 50)), (200, 60, 60))


LINEAR, BRIGHT_GREY = png_chunk(b"gAMA", struct.pack(">I", 100_000)), (188, 188, 188)
WIDE = png_chunk(b"cHRM", struct.pack(">8I", 31270, 32900, 70800, 29200, 17000, 79700, 13100, 4600))
P3, HDR = png_chunk(b"cICP", bytes([12, 13, 0, 1])), png_chunk(b"cICP", bytes([9, 16, 0, 1]))
SRGB = png_chunk(b"sRGB", b"\0")


@pytest.mark.parametrize(
    ("chunks", "colour", "shown"),
    [
        (LINEAR, (128, 128, 128), BRIGHT_GREY),
        (LINEAR + SRGB, (128, 128, 128), (128, 128, 128)),
        (WIDE, (128, 128, 128), (128, 128, 128)),
        (WIDE, (150, 110, 110), (169, 107, 109)),
        (P3, (200, 60, 60), (217, 42, 52)),
        (P3 + SRGB, (200, 60, 60), (217, 42, 52)),
        (HDR, (200, 60, 60), (200, 60, 60)),
        (png_chunk(b"gAMA", bytes(4)), (128, 128, 128), (128, 128, 128)),
        (png_chunk(b"gAMA", b"\0"), (128, 128, 128), (128, 128, 128)),
        (png_chunk(b"cHRM", bytes(32)), (128, 128, 128), (128, 128, 128)),
        (png_chunk(b"cHRM", b"\xff" * 32), (128, 128, 128), (128, 128, 128)),
    ],
)
def test_numbers_for_the_colours_of_a_png_are_applied(chunks: bytes, colour: tuple[int, ...], shown: object) -> None:
    plain = saved(Image.new("RGB", (9, 9), colour), "PNG")
    assert isinstance(shown, tuple)
    assert close(square(plain[:33] + chunks + plain[33:]).getpixel((9, 9)), shown, by=3)


def test_a_profile_goes_before_numbers() -> None:
    plain = saved(Image.new("RGB", (9, 9), (128, 128, 128)), "PNG", icc_profile=srgb_profile())
    assert close(square(plain[:33] + LINEAR + plain[33:]).getpixel((9, 9)), (128, 128, 128), by=3)


def swapped_profile() -> bytes:
    """sRGB with its red and green primaries exchanged, so that applying it shows."""
    return srgb_profile().replace(b"rXYZ", b"tmp1").replace(b"gXYZ", b"rXYZ").replace(b"tmp1", b"gXYZ")


@pytest.mark.parametrize("profile", [b"no profile", srgb_profile()[:200]], ids=["nonsense", "cut off"])
def test_broken_profile_is_ignored(profile: bytes) -> None:
    assert shows(square(saved(quarters(), "JPEG", icc_profile=profile)), RED, GREEN, BLUE, WHITE)


def test_profile_of_another_colour_space_is_ignored() -> None:
    lab = ImageCms.ImageCmsProfile(ImageCms.createProfile("LAB")).tobytes()
    assert shows(square(saved(quarters(), "PNG", icc_profile=lab)), RED, GREEN, BLUE, WHITE)

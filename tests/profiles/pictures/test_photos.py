"""Uploaded photos: what comes out, and what is refused with a sentence."""

import io
import re
import struct
import zlib
from random import Random

import pytest
from PIL import Image, ImageChops, ImageCms

from profiles.pictures import decoding, sandbox
from tests.profiles.pictures.made import (
    BLUE,
    GREEN,
    RED,
    WHITE,
    animation,
    photograph,
    png_chunk,
    png_of,
    quarters,
    saved,
    srgb_profile,
)


def square(data: bytes, size: int = 512) -> Image.Image:
    return Image.open(io.BytesIO(decoding.process(data)[size])).convert("RGB")


def refusal(data: bytes) -> tuple[str, str]:
    """The code of what is said, and the sentence."""
    with pytest.raises(decoding.Refused) as refused:
        decoding.process(data)
    error = sandbox.refusal(refused.value.code, **refused.value.params)
    return str(error.code), error.messages[0]


def close(pixel: object, colour: tuple[int, ...], by: int = 24) -> bool:
    assert isinstance(pixel, tuple)
    return all(abs(one - other) <= by for one, other in zip(pixel, colour, strict=True))


def corners(image: Image.Image) -> list[object]:
    far = image.width - 40
    return [image.getpixel(at) for at in [(40, 40), (far, 40), (40, far), (far, far)]]


def shows(image: Image.Image, *colours: tuple[int, ...]) -> bool:
    """Are these the colours of the corners, from the top left in reading order?"""
    return all(close(pixel, colour) for pixel, colour in zip(corners(image), colours, strict=True))


def test_every_size_is_a_square_webp() -> None:
    result = decoding.process(photograph())
    assert set(result) == {64, 256, 512}
    for size, data in result.items():
        with Image.open(io.BytesIO(data)) as image:
            assert (image.format, image.size) == ("WEBP", (size, size))


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_nothing_attached_to_the_upload_comes_out(kind: str) -> None:
    upload = photograph(kind=kind)
    assert b"Spyglass" in upload
    for data in decoding.process(upload).values():
        # A WebP file of this simplest kind has one chunk, its pixels: no place for EXIF, XMP or a profile.
        assert data[12:16] == b"VP8 "
        assert int.from_bytes(data[16:20], "little") + 20 == len(data)


@pytest.mark.parametrize(
    ("orientation", "colours"),
    [
        (1, (RED, GREEN, BLUE, WHITE)),
        (2, (GREEN, RED, WHITE, BLUE)),
        (3, (WHITE, BLUE, GREEN, RED)),
        (4, (BLUE, WHITE, RED, GREEN)),
        (5, (RED, BLUE, GREEN, WHITE)),
        (6, (BLUE, RED, WHITE, GREEN)),
        (7, (WHITE, GREEN, BLUE, RED)),
        (8, (GREEN, WHITE, RED, BLUE)),
        (0, (RED, GREEN, BLUE, WHITE)),
        (9, (RED, GREEN, BLUE, WHITE)),
    ],
)
def test_photo_is_set_upright(orientation: int, colours: tuple[tuple[int, ...], ...]) -> None:
    assert shows(square(photograph(orientation)), *colours)


@pytest.mark.parametrize("kind", ["PNG", "WEBP"])
def test_orientation_is_read_from_other_formats_too(kind: str) -> None:
    assert shows(square(photograph(6, kind)), BLUE, RED, WHITE, GREEN)


def portrait(orientation: int) -> bytes:
    """A high picture as a telephone stores it: a head in the upper third, its first 40 rows green, on red."""
    image = Image.new("RGB", (300, 900), RED)
    image.paste(GREEN, (0, 0, 300, 40))
    image.paste(BLUE, (0, 300 - 20, 300, 300 + 20))
    turns = {3: 180, 6: 90, 8: 270}
    stored = image.rotate(turns[orientation], expand=True) if orientation in turns else image
    exif = Image.Exif()
    exif[0x0112] = orientation
    return saved(stored, "JPEG", exif=exif, quality=95)


@pytest.mark.parametrize("orientation", [1, 3, 6, 8])
def test_of_a_high_picture_the_square_lies_around_the_end_of_the_upper_third(orientation: int) -> None:
    image = square(portrait(orientation))
    assert close(image.getpixel((256, 256)), BLUE)
    assert close(image.getpixel((256, 20)), RED)


@pytest.mark.parametrize("orientation", [1, 3, 6, 8])
def test_faces_in_portraits_are_kept(orientation: int) -> None:
    image = Image.new("RGB", (300, 400), RED)
    image.paste(GREEN, (0, 0, 300, 40))
    exif = Image.Exif()
    exif[0x0112] = orientation
    turned = image.rotate({1: 0, 3: 180, 6: 90, 8: 270}[orientation], expand=True)
    assert close(square(saved(turned, "JPEG", exif=exif, quality=95)).getpixel((256, 20)), GREEN)


def test_of_a_wide_picture_the_square_is_the_middle() -> None:
    image = Image.new("RGB", (900, 300), RED)
    image.paste(BLUE, (430, 0, 470, 300))
    assert close(square(saved(image, "PNG")).getpixel((256, 256)), BLUE)


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


@pytest.mark.parametrize(
    ("width", "height", "left", "top"),
    [(3000, 1200, 900, 0), (1200, 3000, 0, 400), (1025, 4097, 0, 853), (2047, 2049, 0, 0)],
)
@pytest.mark.parametrize("kind", ["JPEG", "PNG"])
def test_the_middle_of_a_wide_picture_and_the_upper_part_of_a_high_one_are_kept(
    kind: str, width: int, height: int, left: int, top: int
) -> None:
    image = Image.new("RGB", (width, height), (0, 0, 0))
    image.paste(quarters(side=min(width, height)), (left, top))
    assert shows(square(saved(image, kind)), RED, GREEN, BLUE, WHITE)


def test_large_picture_is_the_same_as_a_small_one() -> None:
    """The bands that a large one is shrunk in leave no seams."""
    large, small = square(saved(quarters(side=4000), "PNG")), square(saved(quarters(side=1024), "PNG"))
    assert max(high for _, high in ImageChops.difference(large, small).getextrema()) <= 40  # type: ignore[misc]


def test_one_pixel_is_enlarged() -> None:
    assert shows(square(saved(Image.new("RGB", (1, 1), BLUE), "PNG")), BLUE, BLUE, BLUE, BLUE)


@pytest.mark.parametrize("kind", ["GIF", "PNG", "WEBP"])
def test_animation_shows_its_first_picture(kind: str) -> None:
    assert shows(square(animation(kind)), RED, GREEN, BLUE, WHITE)


@pytest.mark.parametrize("tail", [b"<html><script>alert(1)</script>", b"PK\x03\x04", b"\0" * 1000])
@pytest.mark.parametrize("kind", ["JPEG", "PNG", "GIF", "WEBP"])
def test_what_hangs_on_a_picture_does_not_come_out(kind: str, tail: bytes) -> None:
    upload = saved(quarters(), kind)
    assert decoding.process(upload + tail) == decoding.process(upload)


def test_script_within_a_gif_does_not_come_out() -> None:
    script = b"=1;alert(document.domain)//"
    result = decoding.process(saved(quarters(), "GIF", comment=script))
    assert not any(script in data for data in result.values())


@pytest.mark.parametrize(
    "data",
    [
        b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>",
        b"<!doctype html><title>photo.jpg</title>",
        b"GIF89a"[:5] + b"=1",
        b"%PDF-1.7",
        saved(quarters(), "BMP"),
        saved(quarters(), "TIFF"),
        b"<html>" + photograph(),
    ],
    ids=["svg", "html", "nearly a gif", "pdf", "bmp", "tiff", "html before a jpeg"],
)
def test_other_kinds_of_file_are_refused(data: bytes) -> None:
    assert refusal(data) == ("format", "This file is not a JPEG, PNG, WebP, GIF, HEIC or AVIF picture.")


def test_gif_that_is_a_script_is_refused() -> None:
    assert refusal(b"GIF89a=1;alert(document.domain)//" + b" " * 800)[0] == "damaged"


def noise(width: int, height: int) -> Image.Image:
    """The same each time."""
    return Image.frombytes("RGB", (width, height), Random(1).randbytes(width * height * 3))  # noqa: S311  a test


@pytest.mark.parametrize("share", range(5, 100, 5))
@pytest.mark.parametrize("kind", ["JPEG", "progressive JPEG", "PNG", "GIF", "WEBP", "animated WEBP"])
def test_cut_off_file_is_refused(kind: str, share: int) -> None:
    style, _, plain_kind = kind.rpartition(" ")
    picture = noise(120, 120)
    whole = animation(plain_kind) if style == "animated" else saved(picture, plain_kind, progressive=style != "")
    decoding.process(whole)
    code, sentence = refusal(whole[: len(whole) * share // 100])
    assert code in {"damaged", "format"}
    assert sentence.endswith(".")


@pytest.mark.parametrize("kind", ["PNG", "WEBP"])
def test_file_without_its_last_byte_is_refused(kind: str) -> None:
    assert refusal(saved(quarters(), kind)[:-1])[0] == "damaged"


@pytest.mark.parametrize("progressive", [False, True])
@pytest.mark.parametrize("missing", [1, 2])
def test_jpeg_without_its_end_mark_is_taken(progressive: bool, missing: int) -> None:
    whole = saved(noise(120, 120), "JPEG", progressive=progressive)
    assert decoding.process(whole[:-missing]) == decoding.process(whole)
    assert refusal(whole[:-6])[0] == "damaged"


@pytest.mark.parametrize("size", [(600, 200), (200, 600)])
@pytest.mark.parametrize("progressive", [False, True])
def test_cut_off_jpeg_is_refused_although_its_square_is_whole(size: tuple[int, int], progressive: bool) -> None:
    """What is missing is at its right, or below."""
    whole = saved(noise(*size), "JPEG", progressive=progressive)
    assert decoding.process(whole[:-2]) == decoding.process(whole)
    codes = [refusal(whole[: len(whole) * share // 100])[0] for share in (60, 80, 90, 95, 99)]
    assert codes == ["damaged"] * 5


def test_jpeg_that_ends_before_its_last_scans_is_refused() -> None:
    """What is there can be decoded to the last byte."""
    whole = saved(noise(120, 120), "JPEG", progressive=True)
    starts = [scan.start() for scan in re.finditer(rb"\xff\xda\0", whole)]
    tables = [whole.rindex(b"\xff\xc4", 0, start) for start in starts[1:]]
    assert len(tables) > 5
    assert {refusal(whole[:end])[0] for end in tables} == {"damaged"}


def test_gif_without_its_trailer_is_taken() -> None:
    whole = saved(quarters(), "GIF")
    assert decoding.process(whole[:-1]) == decoding.process(whole)


def test_gif_that_is_cut_off_behind_its_first_picture_is_taken() -> None:
    whole = animation("GIF")
    assert decoding.process(whole[:-10]) == decoding.process(whole)
    assert refusal(saved(quarters(), "GIF")[:-10])[0] == "damaged"


@pytest.mark.parametrize(
    ("kind", "width", "height"),
    [("JPEG", 8064, 6048), ("JPEG", 9504, 6336), ("progressive JPEG", 6000, 4000), ("WebP", 4080, 3072)],
)
def test_cameras_and_telephones_take_no_larger_pictures(kind: str, width: int, height: int) -> None:
    """That these sizes keep to the budget, test_photo_bombs.py measures."""
    assert width * height / 1e6 <= decoding.MAX_MEGAPIXELS[kind]


def test_too_many_pixels_are_refused_before_they_are_decoded() -> None:
    sentence = "The picture has 48.0 megapixels. A PNG can have up to 25."
    assert refusal(png_of(8000, 6000, b"not even pixels")) == ("pixels", sentence)


@pytest.mark.parametrize("side", [10_000, 13_000, 60_000, 2**31 - 1])
def test_decompression_bomb_is_refused(side: int) -> None:
    assert refusal(png_of(side, side, b""))[0] in {"pixels", "far too many pixels"}


def test_too_long_a_side_is_refused() -> None:
    sentence = "The longer side of the picture has 16385 pixels. It can have up to 16384."
    assert refusal(png_of(16_385, 10, b"")) == ("side", sentence)


@pytest.mark.parametrize("kind", ["GIF", "PNG", "WEBP"])
def test_too_long_an_animation_is_refused(kind: str) -> None:
    assert refusal(animation(kind, 201)) == ("frames", "The animation has 201 pictures. It can have up to 200.")
    decoding.process(animation(kind, 200))

"""Uploaded photos: size, direction and crop of what comes out, and that nothing else does."""

import io

import pytest
from PIL import Image, ImageChops

from profiles.pictures import decoding
from tests.daily import part_each_day
from tests.profiles.pictures.made import (
    BLUE,
    GREEN,
    RED,
    WHITE,
    animation,
    photograph,
    quarters,
    saved,
)
from tests.profiles.pictures.shown import close, shows, square


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
    ("width", "height", "left", "top"),
    part_each_day([(3000, 1200, 900, 0), (1200, 3000, 0, 400), (1025, 4097, 0, 853), (2047, 2049, 0, 0)]),
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

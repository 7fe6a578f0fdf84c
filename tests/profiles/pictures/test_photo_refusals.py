"""Files that are no photo, are cut off or are too large are refused with a sentence."""

import re
from random import Random

import pytest
from PIL import Image

from profiles.pictures import decoding
from tests.daily import part_each_day
from tests.profiles.pictures.made import (
    animation,
    photograph,
    png_of,
    quarters,
    saved,
)
from tests.profiles.pictures.shown import refusal


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


@pytest.mark.parametrize("share", part_each_day(range(5, 100, 5)))
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

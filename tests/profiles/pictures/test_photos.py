"""Uploaded photos: what comes out, and what is refused with a sentence."""

import io

import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image, ImageChops, ImageCms

from profiles.pictures import decoding
from tests.profiles.pictures.made import (
    BLUE,
    GREEN,
    RED,
    WHITE,
    animation,
    photograph,
    png_of,
    quarters,
    saved,
    srgb_profile,
)


def square(data: bytes, size: int = 512) -> Image.Image:
    return Image.open(io.BytesIO(decoding.process(data)[size])).convert("RGB")


def refusal(data: bytes, **limits: int) -> tuple[str, str]:
    with pytest.raises(ValidationError) as refused:
        decoding.process(data, **limits)
    return str(refused.value.code), str(refused.value.message)


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


def swapped_profile() -> bytes:
    """sRGB with its red and green primaries exchanged, so that applying it shows."""
    return srgb_profile().replace(b"rXYZ", b"tmp1").replace(b"gXYZ", b"rXYZ").replace(b"tmp1", b"gXYZ")


@pytest.mark.parametrize("profile", [b"no profile", srgb_profile()[:200]], ids=["nonsense", "cut off"])
def test_broken_profile_is_ignored(profile: bytes) -> None:
    assert shows(square(saved(quarters(), "JPEG", icc_profile=profile)), RED, GREEN, BLUE, WHITE)


def test_profile_of_another_colour_space_is_ignored() -> None:
    lab = ImageCms.ImageCmsProfile(ImageCms.createProfile("LAB")).tobytes()
    assert shows(square(saved(quarters(), "PNG", icc_profile=lab)), RED, GREEN, BLUE, WHITE)


@pytest.mark.parametrize(("width", "height"), [(3000, 1200), (1200, 3000), (1025, 4097), (2047, 2049)])
@pytest.mark.parametrize("kind", ["JPEG", "PNG"])
def test_the_middle_of_the_picture_is_kept(kind: str, width: int, height: int) -> None:
    side = min(width, height)
    image = Image.new("RGB", (width, height), (0, 0, 0))
    image.paste(quarters(side=side), ((width - side) // 2, (height - side) // 2))
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


def test_a_file_object_is_read_from_its_start() -> None:
    file = SimpleUploadedFile("photo.txt", photograph(), content_type="text/html")
    file.read()
    assert set(decoding.process(file)) == {64, 256, 512}


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
    assert refusal(data) == ("format", "The file is not a JPEG, PNG, WebP or GIF picture.")


def test_gif_that_is_a_script_is_refused() -> None:
    assert refusal(b"GIF89a=1;alert(document.domain)//" + b" " * 800)[0] == "damaged"


def test_empty_file_is_refused() -> None:
    assert refusal(b"") == ("empty", "The file is empty.")


@pytest.mark.parametrize("share", range(5, 100, 5))
@pytest.mark.parametrize("kind", ["JPEG", "progressive JPEG", "PNG", "GIF", "WEBP", "animated GIF", "animated WEBP"])
def test_cut_off_file_is_refused(kind: str, share: int) -> None:
    style, _, plain_kind = kind.rpartition(" ")
    noise = Image.effect_noise((120, 120), 80).convert("RGB")
    whole = animation(plain_kind) if style == "animated" else saved(noise, plain_kind, progressive=style != "")
    decoding.process(whole)
    code, sentence = refusal(whole[: len(whole) * share // 100])
    assert code in {"damaged", "format"}
    assert sentence.endswith(".")


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "GIF", "WEBP"])
def test_file_without_its_last_byte_is_refused(kind: str) -> None:
    assert refusal(saved(quarters(), kind)[:-1])[0] == "damaged"


def test_too_many_bytes_are_refused() -> None:
    upload = photograph()
    assert refusal(upload, max_bytes=2000) == (
        "bytes",
        "The file is too large; the largest that fits is 0.002 MB.",
    )
    assert refusal(upload, max_bytes=len(upload) - 1)[0] == "bytes"
    decoding.process(upload, max_bytes=len(upload))


def test_too_many_pixels_are_refused_before_they_are_decoded() -> None:
    sentence = "The picture is 48.0 megapixels; the largest PNG that fits is 25."
    assert refusal(png_of(8000, 6000, b"not even pixels")) == ("pixels", sentence)


@pytest.mark.parametrize("side", [10_000, 13_000, 60_000, 2**31 - 1])
def test_decompression_bomb_is_refused(side: int) -> None:
    assert refusal(png_of(side, side, b""))[0] == "pixels"


def test_too_long_a_side_is_refused() -> None:
    sentence = "The picture is 16385 pixels long; the longest that fits is 16384."
    assert refusal(png_of(16_385, 10, b"")) == ("side", sentence)


@pytest.mark.parametrize("kind", ["GIF", "PNG", "WEBP"])
def test_too_long_an_animation_is_refused(kind: str) -> None:
    assert refusal(animation(kind, 201)) == ("frames", "The animation has 201 pictures; at most 200 fit.")
    decoding.process(animation(kind, 200))

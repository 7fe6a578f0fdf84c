"""Picture files that are made to be slow or large: cut down, or counted, before Pillow sees them."""

import struct
import zlib

import pytest

from profiles.pictures import decoding
from profiles.pictures.containers import MAX_PARTS, Container, open_container
from tests.profiles.pictures.made import (
    animation,
    blank_png,
    jpeg_segment,
    passes,
    photograph,
    png_chunk,
    quarters,
    saved,
)


def opened(data: bytes) -> Container:
    container = open_container(data)
    assert container is not None
    return container


@pytest.mark.parametrize("kind", ["JPEG", "PNG"])
def test_metadata_does_not_reach_the_decoder(kind: str) -> None:
    upload = photograph(6, kind)
    container = opened(upload)
    assert b"Spyglass" in upload
    assert b"Spyglass" not in container.data
    assert (container.format, container.orientation) == (kind, 6)


@pytest.mark.parametrize("kind", ["GIF", "PNG"])
def test_later_frames_do_not_reach_the_decoder(kind: str) -> None:
    container = opened(animation(kind, 5))
    assert container.frames == 5
    assert opened(container.data).frames == 1


def test_text_bomb_in_a_png_is_left_out() -> None:
    bomb = b"".join(png_chunk(b"zTXt", b"key%d\0\0" % i + zlib.compress(bytes(1_000_000))) for i in range(70))
    assert opened(blank_png(64, 64, extra=bomb)).data == blank_png(64, 64)


def test_many_small_exif_segments_are_left_out() -> None:
    """Pillow joins them one by one, in time that grows with the square of their number."""
    segment = jpeg_segment(0xE1, b"Exif\0\0" + b"x" * 10)
    plain = saved(quarters(), "JPEG")
    assert opened(plain[:2] + segment * 10_000 + plain[2:]).data == plain


def test_junk_between_segments_is_left_out() -> None:
    plain = saved(quarters(), "JPEG")
    assert opened(plain[:2] + b"\xff\xff\0" * 100_000 + plain[2:]).data == plain


@pytest.mark.parametrize(
    "data",
    [
        saved(quarters(), "JPEG")[:2] + jpeg_segment(0xDB) * (MAX_PARTS + 1) + saved(quarters(), "JPEG")[2:],
        blank_png(64, 64, extra=png_chunk(b"abCd") * (MAX_PARTS + 1)),
    ],
    ids=["jpeg", "png"],
)
def test_too_many_parts_are_refused(data: bytes) -> None:
    with pytest.raises(decoding.Refused, match="damaged"):
        decoding.process(data)


def test_too_many_scans_are_refused() -> None:
    """238 KB with a thousand scans of 40 megapixels kept libjpeg busy for 16 seconds."""
    decoding.process(passes(800, 32))
    with pytest.raises(decoding.Refused, match=r"scans.*33.*32"):
        decoding.process(passes(800, 33))


@pytest.mark.parametrize("kind", ["baseline", "progressive", "progressive in one scan", "one colour a scan"])
def test_jpeg_that_cannot_be_decoded_by_rows_is_told(kind: str) -> None:
    """Its coefficients are held for the whole picture, so that fewer pixels fit."""
    data = saved(quarters(), "JPEG", progressive=kind == "progressive")
    if kind == "progressive in one scan":
        data = data.replace(b"\xff\xc0", b"\xff\xc2")
    if kind == "one colour a scan":
        scan = data.index(b"\xff\xda")
        data = data[: scan + 4] + b"\1" + data[scan + 5 :]
    assert opened(data).kind == ("JPEG" if kind == "baseline" else "progressive JPEG")


def test_second_picture_behind_a_jpeg_is_left_out() -> None:
    """As telephones write for brightness or depth: it counts neither as a frame nor as a scan."""
    plain = saved(quarters(), "JPEG")
    assert opened(plain + photograph() * 40) == opened(plain)


def test_unusual_jpeg_frames_are_refused() -> None:
    """A lossless frame, which libjpeg reads but cannot scale as it decodes."""
    with pytest.raises(decoding.Refused, match="damaged"):
        decoding.process(saved(quarters(), "JPEG").replace(b"\xff\xc0", b"\xff\xc3"))


@pytest.mark.parametrize(
    "exif",
    [
        b"",
        b"II*\0",
        b"II*\0" + struct.pack("<I", 2**32 - 1),
        b"MM\0*" + struct.pack(">IH", 8, 65_535),
        b"no TIFF at all",
    ],
    ids=["nothing", "a start", "directory outside", "more entries than bytes", "nonsense"],
)
def test_photo_with_damaged_exif_is_taken_as_upright(exif: bytes) -> None:
    plain = saved(quarters(), "JPEG")
    damaged = plain[:2] + jpeg_segment(0xE1, b"Exif\0\0" + exif) + plain[2:]
    assert opened(damaged).orientation == 1
    assert decoding.process(damaged) == decoding.process(plain)

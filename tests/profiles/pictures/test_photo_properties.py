"""Whatever a file is made of, it is a picture or refused, within its budget of time and memory."""

import resource
import struct
import time
import zlib
from base64 import b64decode
from collections.abc import Iterator
from contextlib import contextmanager, suppress

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from profiles.pictures import decoding
from profiles.pictures.colour_profiles import KEPT
from tests.profiles.pictures.made import (
    animation,
    icc_profile,
    photograph,
    png_chunk,
    quarters,
    repeated_elements,
    saved,
)
from tests.profiles.pictures.test_crops import HEIC

SECONDS = 1  # Of the processor, for pictures of 120 x 120 pixels.
KILOBYTES = 100_000

quickly = settings(max_examples=40, deadline=None, database=None, suppress_health_check=list(HealthCheck))


@contextmanager
def budget() -> Iterator[None]:
    """Fails if what is done within takes more of this process's time, or raises the peak of its memory by more."""
    began, peak = time.process_time(), resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    yield
    assert time.process_time() - began < SECONDS
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - peak < KILOBYTES


def u32(number: int) -> bytes:
    return struct.pack(">I", number)


sizes = st.sampled_from([0, 1, 2, 3, 4, 15, 16, 255, 4096, 65_535, 2**31, 2**32 - 1])
names = st.sampled_from([*KEPT, b"D2B0", b"B2D0", b"D2B1", b"A2B1", b"B2A0", b"gamt", b"desc"])
kinds = st.sampled_from([b"XYZ ", b"sf32", b"curv", b"para", b"mft1", b"mft2", b"mAB ", b"mpet", b"text"])
bodies = st.one_of(
    st.binary(max_size=200),
    st.builds(
        lambda few, fill, times: bytes(few) + fill * times,
        st.lists(st.integers(0, 255)),
        st.binary(max_size=9),
        st.integers(0, 20_000),
    ),
    st.builds(lambda one, two, rest: u32(one) + u32(two) + rest, sizes, sizes, st.binary(max_size=60_000)),
)
elements = st.builds(
    lambda kind, channels, grid, body: kind + bytes(4) + bytes([channels, 3, grid, 0]) + body,
    kinds, st.integers(0, 15), st.integers(0, 255), bodies,
)  # fmt: skip
tags = st.dictionaries(names, st.one_of(elements, st.builds(repeated_elements, st.integers(0, 50_000))), max_size=8)
spaces = st.sampled_from([(b"RGB ", "RGB"), (b"CMYK", "CMYK"), (b"GRAY", "L")])


@pytest.mark.slow
@given(tags, spaces, st.sampled_from([2, 4]), st.sampled_from([b"XYZ ", b"Lab "]))
@quickly
def test_profiles_of_any_tags_keep_to_the_budget(tags, space, version, connection):
    colours, mode = space
    profile = icc_profile(tags, colours, version).replace(b"XYZ ", connection, 1)
    with budget():
        decoding.process(saved(quarters(mode), "JPEG", icc_profile=profile))


pictures = st.sampled_from(
    [
        photograph(),
        saved(quarters(), "JPEG", progressive=True),
        saved(quarters("CMYK"), "JPEG"),
        photograph(kind="PNG"),
        animation("PNG"),
        saved(quarters("RGBA"), "PNG"),
        animation("GIF"),
        photograph(kind="WEBP"),
        animation("WEBP"),
        saved(quarters("RGBA"), "WEBP"),
        saved(quarters(), "AVIF"),
        saved(quarters("RGBA"), "AVIF"),
        b64decode(HEIC),
    ]
)
changes = st.lists(st.tuples(st.floats(0, 1, exclude_max=True), st.binary(max_size=8), st.integers(0, 8)), max_size=6)


@pytest.mark.slow
@given(pictures, changes, st.tuples(st.floats(0, 1), st.floats(0, 1), st.integers(0, 3000)))
@settings(quickly, max_examples=150)
def test_damaged_and_repeated_parts_keep_to_the_budget(data, changes, repeated):
    for place, written, dropped in changes:
        position = int(place * len(data))
        data = data[:position] + written + data[position + dropped :]
    start, end, times = int(repeated[0] * len(data)), int(repeated[1] * len(data)), repeated[2]
    data = data[:start] + data[start:end] * times + data[end:] if times else data
    with budget(), suppress(decoding.Refused):
        decoding.process(data)


chunks = st.sampled_from(
    [
        b"IHDR",
        b"PLTE",
        b"tRNS",
        b"iCCP",
        b"gAMA",
        b"cHRM",
        b"cICP",
        b"zTXt",
        b"iTXt",
        b"acTL",
        b"fcTL",
        b"fdAT",
        b"eXIf",
        b"IDAT",
    ]
)


@pytest.mark.slow
@given(
    st.lists(
        st.tuples(chunks, st.one_of(st.binary(max_size=40), bodies), st.booleans(), st.integers(1, 3000)), max_size=5
    )
)
@quickly
def test_chunks_of_any_kind_keep_to_the_budget(chunks):
    plain = saved(quarters(), "PNG")
    extra = b"".join(
        png_chunk(kind, b"a\0\0" + zlib.compress(body) if zipped else body)[:5_000_000]
        * (times if len(body) < 3000 else 1)
        for kind, body, zipped, times in chunks
    )
    with budget(), suppress(decoding.Refused):
        decoding.process(plain[:33] + extra + plain[33:])

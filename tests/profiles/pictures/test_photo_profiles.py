"""Colour profiles are cut down to tags of known cost, and look the same."""

import io
import struct

import pytest
from PIL import Image, ImageCms

from profiles.pictures.colour_profiles import MAX_BYTES, MAX_TAGS, cut_down
from tests.profiles.pictures.made import icc_bomb, icc_profile, repeated_elements, srgb_profile

D2B0 = {b"D2B0": repeated_elements(3)}
POINT = b"XYZ \0\0\0\0" + bytes(12)
GAMMA = b"curv\0\0\0\0\0\0\0\1\2\0"


def table(grid: int, channels: int = 3, *, bits: int = 16, lies: int = 0) -> bytes:
    """A table that turns all colours into a grey; with `lies` it ends that many bytes before its end."""
    head = struct.pack(
        ">4s4xBBBx9i", b"mft2" if bits == 16 else b"mft1", channels, 3, grid, *[65536, 0, 0, 0] * 2, 65536
    )
    curve = struct.pack(">HH", 0, 65535) if bits == 16 else bytes(range(256))
    middle = b"\x80" * (grid**channels * 3 * bits // 8)
    sizes = struct.pack(">HH", 2, 2) if bits == 16 else b""
    return (head + sizes + curve * channels + middle + curve * 3)[: -lies or None]


def tags(profile: bytes | None) -> set[bytes]:
    assert profile is not None
    (number,) = struct.unpack_from(">I", profile, 128)
    return {profile[132 + 12 * i : 136 + 12 * i] for i in range(number)}


def in_srgb(image: Image.Image, profile: bytes) -> Image.Image:
    source, target = ImageCms.getOpenProfile(io.BytesIO(profile)), ImageCms.createProfile("sRGB")
    return ImageCms.buildTransform(source, target, image.mode, "RGB").apply(image)


def test_a_bomb_is_defused():
    assert tags(cut_down(icc_bomb())) == set()


def test_elements_do_not_hide_behind_the_name_of_a_table():
    for name in (b"A2B0", b"rTRC", b"wtpt", b"chad"):
        assert tags(cut_down(icc_profile({name: repeated_elements(3)}))) == set()


def test_names_descriptions_and_further_tables_are_left_out():
    assert tags(cut_down(srgb_profile())) == {b"wtpt", b"chad", b"rXYZ", b"gXYZ", b"bXYZ", b"rTRC", b"gTRC", b"bTRC"}
    more = {b"A2B0": table(3), b"A2B1": table(3), b"B2A0": table(3), b"desc": b"text\0\0\0\0me"}
    assert tags(cut_down(icc_profile(more))) == {b"A2B0"}


def test_colours_are_those_of_the_whole_profile():
    noise = Image.merge("RGB", [Image.effect_noise((64, 64), 90) for _ in "RGB"])
    swapped = srgb_profile().replace(b"rXYZ", b"tmp1").replace(b"gXYZ", b"rXYZ").replace(b"tmp1", b"gXYZ")
    small = cut_down(swapped)
    assert small is not None
    assert in_srgb(noise, small).tobytes() == in_srgb(noise, swapped).tobytes() != noise.tobytes()


@pytest.mark.parametrize(
    ("mode", "colours", "channels"), [("CMYK", b"CMYK", 4), ("RGB", b"RGB ", 3), ("L", b"GRAY", 1)]
)
@pytest.mark.parametrize("bits", [8, 16])
def test_tables_are_applied(mode: str, colours: bytes, channels: int, bits: int):
    profile = icc_profile({b"A2B0": table(5, channels, bits=bits)}, colours, version=2).replace(b"XYZ ", b"Lab ", 1)
    small = cut_down(profile)
    assert small is not None
    picture = Image.new(mode, (4, 4))
    assert in_srgb(picture, small).tobytes() == in_srgb(picture, profile).tobytes()
    assert in_srgb(picture, small).tobytes() != picture.convert("RGB").tobytes()


@pytest.mark.parametrize(
    "lie",
    [
        table(5, lies=1),
        table(5, 4),
        table(5).replace(b"\3\3\5", b"\3\3\xff", 1),
        table(5).replace(b"\3\3\5", b"\3\7\5", 1),
        table(5).replace(b"\0\2\0\2", b"\xff\xff\0\2", 1),
        table(5)[:40],
        b"mft2",
        b"mAB " + table(5)[4:],
    ],
    ids=["cut off", "four channels", "larger", "seven out", "long curves", "no numbers", "a name", "another kind"],
)
def test_a_table_that_is_not_as_it_says_is_left_out(lie: bytes):
    assert tags(cut_down(icc_profile({b"A2B0": lie, b"wtpt": POINT}))) == {b"wtpt"}


@pytest.mark.parametrize(
    ("curve", "kept"),
    [
        (GAMMA, True),
        (b"curv\0\0\0\0" + struct.pack(">I", 4096) + bytes(8192), True),
        (b"curv\0\0\0\0" + struct.pack(">I", 4097) + bytes(8194), False),
        (b"curv\0\0\0\0" + struct.pack(">I", 4096) + bytes(8191), False),
        (b"para\0\0\0\0\0\4\0\0" + bytes(28), True),
        (b"para\0\0\0\0\0\5\0\0" + bytes(28), False),
        (b"para", False),
        (b"", False),
    ],
)
def test_curves_have_at_most_4096_points(curve: bytes, kept: bool):
    assert (b"rTRC" in tags(cut_down(icc_profile({b"rTRC": curve})))) == kept


@pytest.mark.parametrize(
    "profile",
    [
        b"",
        b"no profile",
        srgb_profile()[:140],
        srgb_profile()[:-1],
        srgb_profile() + bytes(MAX_BYTES),
        srgb_profile().replace(b"acsp", b"acsq"),
        srgb_profile().replace(b"mntr", b"link"),
        srgb_profile().replace(b"mntr", b"nmcl"),
        srgb_profile().replace(b"RGB ", b"6CLR"),
        icc_profile({b"%04d" % i: POINT for i in range(MAX_TAGS + 1)}),
    ],
    ids=["nothing", "text", "no tags", "cut off", "long", "unsigned", "link", "names", "six colours", "many tags"],
)
def test_other_kinds_of_profile_are_none(profile: bytes):
    assert cut_down(profile) is None

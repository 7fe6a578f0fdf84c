"""A photo is cut where a person chose it, however the camera was held; and pictures of iPhones are read."""

import io
from base64 import b64decode

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image, ImageStat

from profiles.models import Profile
from profiles.pictures import decoding, sandbox
from profiles.pictures.crops import Crop, parsed, sensible
from tenants.context import within
from tests.daily import part_each_day
from tests.profiles.pictures.made import BLUE, GREEN, RED, WHITE, camera_exif, photograph, quarters, saved

CORNERS = {(0.0, 0.0): RED, (0.5, 0.0): GREEN, (0.0, 0.5): BLUE, (0.5, 0.5): WHITE}
# 40 by 60 pixels, red and green above blue and yellow: made with libheif's own encoder, which we do not have.
HEIC = """
AAAAHGZ0eXBoZWljAAAAAG1pZjFoZWljbWlhZgAAAX1tZXRhAAAAAAAAACFoZGxyAAAAAAAAAABwaWN0AAAAAAAAAAAAAAAAAAAAACJpbG9jAA
AAAERAAAEAAQAAAAABoQABAAAAAAAAAkMAAAAjaWluZgAAAAAAAQAAABVpbmZlAgAAAAABAABodmMxAAAAAA5waXRtAAAAAAABAAAA/WlwcnAA
AADdaXBjbwAAAHZodmNDAQNwAAAAkAAAAAAAHvAA/P34+AAADwNgAAEAGEABDAH//wNwAAADAJAAAAMAAAMAHroCQGEAAQAqQgEBA3AAAAMAkA
AAAwAAAwAeoCCBBZbq5Ka5uAhoMCAAAAMDIAAAAwAhYgABAAZEAcFzwIkAAAATY29scm5jbHgAAQANAAaAAAAAFGlzcGUAAAAAAAAAQAAAAEAA
AAAoY2xhcAAAACgAAAABAAAAPAAAAAH////oAAAAAv////wAAAACAAAAEHBpeGkAAAAAAwgICAAAABhpcG1hAAAAAAAAAAEAAQWBAgMFhAAAAk
ttZGF0AAACPygBrwY48XPnLt/Ed///9t5+h/WqoAbsKLk33wy6DXD67WeRbX6p+VP3d9Mj9oeZ/f7/hV/qw/uolfQ1TbbTr1KsDnvH8DfU32sA
J+I+8N+eH4cS7DPZkz2pceIvXnC8K/0Tcnaavlm+UGexZxAhk1fSHoBgfz6Mc74Xs6/JsRczRz71k/SAd2PnoeFmHeGRcNUzZimw+9ocUqR2FL
q3uOVi0AoNmm1c3HC6/fVA0TzABTn7MZVePYQfqmlgROIQCkDJsGD3/kL/f4gAmXN/j1CLI+M0Mwg3SRE7ND+Yuej77d4ZF8MYAA1XcKLv5v8B
+H7/mvO7vv/huD5vzx4HQzSRUc9DWXdGqocygOPBzHVssaA+oaZiIiU3XZry0Yk2/1Md7kBRdgiyBUYKpH6BEKjwOfKDz2vNURwKBDFeNxkQn2
Yavbj7jOsblyj7iqchs9hnQPk7A/vSukgePaOeek8C5/dCPjf8D6oDHGQ/mequuw0+KAqSE1hdnw7x6ButhOVqN1fLOvgzwZeMNxKNaHdrDCrC
dMEfUkoglxVqsXeodmYy6Klyn19q6NcVvu6jXeGbGjj+Be5eH6yAWEUp+AaQpIR7J4FeBy82rjnPtDRHabz9cwbkxY2qeWRS7o+fkF3FxSk2AE
VfSjJC4RrzeTVbCr/P+XqxqnVLysApNoila9Cjs95T6Hem2/XT/l8u/R/PmyWfgp/4F6/8WANCJnxLyX9DIb6K5NlhrFokERN4fBP49tUQvxYV
pWONi1Fm
"""


def colour(pictures: dict[int, bytes]) -> tuple[int, ...]:
    """Of the middle of the smallest picture."""
    pixel = Image.open(io.BytesIO(pictures[64])).convert("RGB").getpixel((32, 32))
    assert isinstance(pixel, tuple)
    return pixel


def is_near(one: tuple[int, ...], other: tuple[int, ...]) -> bool:
    return all(abs(a - b) < 30 for a, b in zip(one, other, strict=True))


@pytest.mark.parametrize("orientation", part_each_day(range(1, 9)))
def test_each_corner_is_the_one_that_was_chosen(orientation: int) -> None:
    """The file is turned so that it is the quarters once it is upright."""
    turned = Image.open(io.BytesIO(photograph(1, "PNG"))).copy()
    if orientation in decoding._TURNS:
        back = {6: 8, 8: 6}.get(orientation, orientation)
        turned = turned.transpose(decoding._TURNS[back])
    file = saved(turned.resize((240, 240)), "PNG", exif=camera_exif(orientation))
    for (left, top), expected in CORNERS.items():
        assert is_near(colour(decoding.process(file, Crop(left, top, 0.5))), expected)


@pytest.mark.slow
def test_part_of_a_large_photo_is_as_sharp_as_the_photo_allows() -> None:
    """A JPEG that is scaled while it is decoded keeps the pixels that a small part needs."""
    stripes = Image.new("L", (4000, 3000))
    stripes.paste(255, (0, 0, 4000, 3000), Image.effect_noise((4000, 3000), 200))
    file = saved(stripes.convert("RGB"), "JPEG", quality=90)
    largest = max(decoding.SIZES)
    contrast = [
        ImageStat.Stat(Image.open(io.BytesIO(decoding.process(file, crop)[largest])).convert("L")).stddev[0]
        for crop in (None, Crop(0.2, 0.2, 0.25))
    ]
    assert contrast[1] > 2 * contrast[0]


@pytest.mark.parametrize(
    "text",
    ["", "0,0", "nan,0.0,1.0", "1e999,0.0,1.0", "-0.100000,0.0,1.0", "2.0,0.0,1.0", "٠.0,0.0,1.0", "0.0,0.0,1.0;x"],
)
def test_what_is_no_crop_is_none(text: str) -> None:
    assert parsed(text) is None


@pytest.mark.parametrize("text", ["1.900000,1.900000,1.900000", "0.999999,0.999999,0.000001", "0.0,0.0,1.0"])
@pytest.mark.parametrize("size", [(40, 60), (4000, 30), (1, 1)])
def test_crop_lies_within_the_picture_whatever_is_sent(text: str, size: tuple[int, int]) -> None:
    crop = parsed(text)
    assert crop is not None
    left, top, side = crop.of(*size)
    assert 0 <= left <= size[0] - side
    assert 0 <= top <= size[1] - side
    assert side > 0


def test_without_one_it_is_the_middle_or_the_upper_third() -> None:
    assert sensible(600, 400) == (100, 0, 400)
    assert sensible(400, 600) == (0, 0, 400)
    assert sensible(400, 1200) == (0, 200, 400)


def test_member_sends_the_crop_with_the_photo(acme, as_user, reader) -> None:
    photo = SimpleUploadedFile("me.png", saved(quarters(side=240), "PNG"), "image/png")
    sent = {"time_zone": "UTC", "photo": photo, "photo_crop": "0.000000,0.500000,0.500000"}
    assert as_user(reader).post("/people/reader/edit/", sent).status_code == 302
    with within(acme):
        address = Profile.objects.get(user=reader).photo_url(64)
    picture = as_user(reader).get(address).getvalue()
    assert is_near(colour({64: picture}), BLUE)


def test_picture_of_an_iphone_is_read() -> None:
    pictures = sandbox.process(b64decode(HEIC), crop="0.000000,0.000000,0.400000")
    assert is_near(colour(pictures), (255, 0, 0))
    assert is_near(colour(sandbox.process(b64decode(HEIC), crop="0.600000,0.700000,0.400000")), (255, 255, 0))


@pytest.mark.parametrize("orientation", [1, 3, 6, 8])
def test_avif_is_read_upright(orientation: int) -> None:
    back = {6: 8, 8: 6}.get(orientation, orientation)
    turned = quarters(side=240).transpose(decoding._TURNS[back]) if orientation > 1 else quarters(side=240)
    file = saved(turned, "AVIF", exif=camera_exif(orientation), quality=95)
    assert is_near(colour(decoding.process(file, Crop(0.5, 0.0, 0.5))), GREEN)


@pytest.mark.parametrize("kept", [12, 40, 200, 500, 900])
def test_damaged_heic_is_refused(kept: int) -> None:
    with pytest.raises(decoding.Refused):
        decoding.process(b64decode(HEIC)[:kept])


def test_avif_with_damaged_pixels_is_refused() -> None:
    """Its container is whole."""
    whole = saved(quarters(), "AVIF")
    pixels = whole.index(b"mdat") + 4
    with pytest.raises(decoding.Refused) as refused:
        decoding.process(whole[:pixels] + bytes(len(whole) - pixels))
    assert refused.value.code == "damaged"


@pytest.mark.parametrize("brand", ["heic", "mif1", "avif"])
def test_what_only_begins_like_one_is_refused(brand: str) -> None:
    with pytest.raises(decoding.Refused) as refused:
        decoding.process(b"\0\0\0\x20ftyp" + brand.encode() + bytes(100))
    assert refused.value.code == "damaged"

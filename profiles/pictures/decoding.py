"""Converts uploads to WebP pictures without metadata: square photos or whole logos.

Runs in a process of its own, which has no Django (profiles/pictures/worker.py); profiles/pictures/sandbox.py starts it.
"""

import contextlib
import io
import math
import struct
from collections.abc import Callable
from functools import partial
from typing import Any

from PIL import AvifImagePlugin, Image, ImageCms, ImageFile, ImageMath, WebPImagePlugin

from profiles.pictures.colour_profiles import cut_down
from profiles.pictures.containers import ORIENTATION, Container, open_container
from profiles.pictures.crops import Crop, sensible
from profiles.pictures.unended import ENDS, hash_of

SIZES = (64, 256, 512)  # Sides in pixels.
MAX_SIDE = 16_384
MAX_FRAMES = 200
MAX_SCANS = 32  # Scans of a progressive JPEG. Encoders write about ten; each costs the time of the whole area.

# Megapixels that fit into the worker's 250 MB, with a tenth to spare. Decoding holds 4 bytes per pixel; of a JPEG only
# what is left when it is scaled while it is decoded, but of a progressive one up to 8 more, its coefficients; of WebP
# 12, for its decoder keeps two canvases besides. Cameras: 61 and 24 megapixels, telephones 12 to 50.
MAX_MEGAPIXELS = {
    "JPEG": 64,
    "progressive JPEG": 25,
    "progressive CMYK JPEG": 18,
    "PNG": 25,
    "GIF": 25,
    "WebP": 12.6,
    "AVIF": 12.6,
    "HEIF": 12.6,
}

# The stack of a thread counts as memory of the process.
AvifImagePlugin.DEFAULT_MAX_THREADS = 1

# The errors for damaged files; libavif and libheif raise RuntimeError.
_DAMAGED = (OSError, SyntaxError, ValueError, IndexError, EOFError, RuntimeError, struct.error)
# Pillow's error for decompression bombs, and its warning, which is raised if warnings are errors.
_TOO_LARGE = (Image.DecompressionBombError, Image.DecompressionBombWarning)

_WORKING_SIDE = 2 * max(SIZES)  # A picture is reduced fast to twice the wanted size, and from there with high quality.
_BAND = 64  # Rows of the reduced picture per step.

# EXIF's orientations with width and height exchanged.
_ON_ITS_SIDE = {5, 6, 7, 8}
# EXIF's orientations, and the operation that turns each upright.
_TURNS = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}


class Refused(Exception):
    """The picture is refused. Has a code and the values for its sentence (profiles/pictures/sandbox.py)."""

    def __init__(self, code: str, **params: str) -> None:
        super().__init__(code, params)
        self.code, self.params = code, params


def process(upload: bytes, crop: Crop | None = None) -> dict[int, bytes]:
    """A square of an uploaded picture, upright and in sRGB, as one WebP file for each side in SIZES.

    Without a crop, it is the centre of a wide picture. For a tall one, it is centred on the end of the upper third,
    where faces usually are.

    Reads JPEG, PNG, WebP, GIF, HEIC and AVIF (the first picture of an animation), recognised by their bytes.
    Transparent pixels become white, so that a photo looks the same on light and dark pages, and hidden colours are
    removed. Smaller pictures are enlarged. Raises Refused for everything else.
    """
    square = _opened(upload, partial(_square, crop=crop))
    return {size: _webp(square, (size, size)) for size in SIZES}


def process_whole(upload: bytes, side: int) -> dict[int, bytes]:
    """The whole picture, as one WebP file that fits into a square of `side` pixels. It is not enlarged.

    Transparency is kept, since a logo is shown on light and dark pages.
    """
    picture = _opened(upload, _whole)
    scale = min(1, side / max(picture.size))
    size = max(1, round(picture.width * scale)), max(1, round(picture.height * scale))
    return {side: _webp(picture, size)}


def _opened(upload: bytes, cut: Callable[[ImageFile.ImageFile, int], Image.Image]) -> Image.Image:
    """The part of an uploaded picture that `cut` selects, upright and in sRGB."""
    container = _container(upload)
    try:
        if container.size:
            _check_size(*container.size, container.kind)
        part, profile, orientation, pixels = _part(container, ENDS[0], cut)
        if not container.is_ended and pixels != _part(container, ENDS[1], cut)[-1]:
            raise Refused("damaged")
    except _TOO_LARGE as error:
        raise Refused("far too many pixels", kind=container.kind, most=_most(container.kind)) from error
    except _DAMAGED as error:
        raise Refused("damaged") from error
    return _upright(_in_srgb(part, profile), orientation)


def _part(
    container: Container, end: bytes, cut: Callable[[ImageFile.ImageFile, int], Image.Image]
) -> tuple[Image.Image, bytes | None, int, bytes]:
    """The part of this file that `cut` selects, its colour profile, its orientation, and a hash of all pixels if the
    file has no end marker and is decoded with this one.
    """
    data = container.data if container.is_ended else container.data + end
    with Image.open(io.BytesIO(data), formats=[container.format]) as image:
        _check_size(*image.size, container.kind)
        image.info.update(_eight_bits(image, container.bits))
        orientation = image.getexif().get(ORIENTATION, 1) if container.kind == "AVIF" else container.orientation
        profile = container.profile or image.info.get("icc_profile")
        part = cut(image, orientation)
        return part, profile, orientation, b"" if container.is_ended else hash_of(image)


def _container(data: bytes) -> Container:
    try:
        container = open_container(data)
    except (ValueError, IndexError, struct.error) as error:
        raise Refused("damaged") from error
    if container is None:
        raise Refused("format")
    if container.frames > MAX_FRAMES:
        raise Refused("frames", number=str(container.frames), most=str(MAX_FRAMES))
    if container.scans > MAX_SCANS:
        raise Refused("scans", number=str(container.scans), most=str(MAX_SCANS))
    if container.kind == "HEIF":
        from pi_heif import register_heif_opener  # Here: it takes a third of the start, and few pictures need it.

        register_heif_opener(thumbnails=False, decode_threads=1)
    return container


def _check_size(width: int, height: int, kind: str) -> None:
    """Refuse too large pictures by the size in the header, before decoding."""
    if max(width, height) > MAX_SIDE:
        raise Refused("side", side=str(max(width, height)), most=str(MAX_SIDE))
    megapixels = width * height / 1e6
    if megapixels > MAX_MEGAPIXELS[kind]:
        raise Refused("pixels", megapixels=f"{megapixels:.1f}", kind=kind, most=_most(kind))


def _most(kind: str) -> str:
    return str(MAX_MEGAPIXELS[kind])


def _decoded(image: ImageFile.ImageFile, side: int = _WORKING_SIDE) -> Image.Image:
    """Decode the first picture; a JPEG at a lower resolution, if it has more pixels than needed."""
    if isinstance(image, WebPImagePlugin.WebPImageFile):
        # load() would copy the pixels while the decoder still holds its canvases.
        pixels, _ = image._decoder.get_next()
        del image._decoder
        return Image.frombuffer("RGBA", image.size, pixels, "raw", "RGBA", 0, 1)
    image.draft(None, (side, side))
    image.load()
    return image


def _eight_bits(image: Image.Image, bits: int) -> dict[str | tuple[int, int], Any]:
    """The transparent colour of a PNG with eight bits per sample. Pillow returns it as it is in the file."""
    level = image.info.get("transparency")
    if isinstance(level, tuple) and bits == 16:
        return {"transparency": tuple(each >> 8 for each in level)}
    if isinstance(level, int) and image.mode in {"1", "L"}:
        return {"transparency": level * 255 // ((1 << bits) - 1)}
    return {}


def _square(file: ImageFile.ImageFile, orientation: int, crop: Crop | None) -> Image.Image:
    image = _decoded(file, _needed(file.size, crop))
    width, height = reversed(image.size) if orientation in _ON_ITS_SIDE else image.size
    left, top, side = crop.of(width, height) if crop else sensible(width, height)
    factor = max(1, side // _WORKING_SIDE)
    side = side // factor * factor
    left, top = _as_stored(left, top, side, image.size, orientation)
    return _shrunk(image, (left, top, left + side, top + side), factor, _plain_mode(image))


def _needed(size: tuple[int, int], crop: Crop | None) -> int:
    """How many pixels a side of a JPEG needs for this crop, as far as they fit into memory."""
    wanted = round(_WORKING_SIDE / crop.size) if crop else _WORKING_SIDE
    megapixels = size[0] * size[1] / 1e6
    return min(wanted, min(size) // 2) if megapixels > MAX_MEGAPIXELS["progressive JPEG"] else wanted


def _as_stored(left: int, top: int, side: int, size: tuple[int, int], orientation: int) -> tuple[int, int]:
    """The position of a square of the upright picture in the stored picture."""
    right, bottom = size[0] - side, size[1] - side
    return {
        2: (right - left, top),
        3: (right - left, bottom - top),
        4: (left, bottom - top),
        5: (top, left),
        6: (top, bottom - left),
        7: (right - top, bottom - left),
        8: (right - top, left),
    }.get(orientation, (left, top))


def _whole(file: ImageFile.ImageFile, _orientation: int) -> Image.Image:
    image = _decoded(file)
    is_see_through = image.has_transparency_data and image.mode != "I;16"
    mode = "RGBA" if is_see_through else _plain_mode(image)
    return _shrunk(image, (0, 0, *image.size), max(1, max(image.size) // _WORKING_SIDE), mode)


def _shrunk(image: Image.Image, box: tuple[int, int, int, int], factor: int, mode: str) -> Image.Image:
    """A part of the picture in mode L, RGB, RGBA or CMYK, with sides divided by `factor`.

    Works in bands, so that only the decoded picture itself is in memory at full size.
    """
    left, top, right, bottom = box
    small = Image.new(mode, (math.ceil((right - left) / factor), math.ceil((bottom - top) / factor)))
    for y in range(top, bottom, _BAND * factor):
        band = image.crop((left, y, right, min(y + _BAND * factor, bottom)))
        small.paste(_opaque(band, small.mode).reduce(factor), (0, (y - top) // factor))
    return small


def _plain_mode(image: Image.Image) -> str:
    if image.mode == "CMYK":
        return "CMYK"
    return "L" if image.mode in {"1", "L", "LA", "I;16"} else "RGB"


def _opaque(band: Image.Image, mode: str) -> Image.Image:
    if band.mode == "I;16":
        return _opaque_16(band)
    if mode == "RGBA" or not band.has_transparency_data:
        return band.convert(mode)
    white = Image.new("RGBA", band.size, "white")
    return Image.alpha_composite(white, band.convert("RGBA")).convert(mode)


def _opaque_16(band: Image.Image) -> Image.Image:
    grey = band.point(lambda level: level / 256).convert("L")  # convert() alone would clip at 255.
    if "transparency" in band.info:
        level = band.info["transparency"]
        hidden = ImageMath.lambda_eval(lambda levels: (levels["band"] == level) * 255, band=band.convert("I"))
        grey.paste(255, mask=hidden.convert("L"))
    return grey


def _in_srgb(image: Image.Image, profile: bytes | None) -> Image.Image:
    if profile and (known := cut_down(profile)):
        # A damaged profile, or one for another kind of picture, is ignored; the default is sRGB.
        with contextlib.suppress(ImageCms.PyCMSError):
            source, target = ImageCms.getOpenProfile(io.BytesIO(known)), ImageCms.createProfile("sRGB")
            in_rgb = "RGBA" if image.mode == "RGBA" else "RGB"
            return ImageCms.buildTransform(source, target, image.mode, in_rgb).apply(image)
    return image if image.mode == "RGBA" else image.convert("RGB")


def _upright(image: Image.Image, orientation: int) -> Image.Image:
    return image.transpose(_TURNS[orientation]) if orientation in _TURNS else image


def _webp(image: Image.Image, size: tuple[int, int]) -> bytes:
    """Encode a new file from pixels in a new image, without anything that was attached to the old one.

    Colours hidden under transparent pixels are removed, since colours are multiplied by the opacity.
    """
    clean = Image.new(image.mode, size)
    small = image.resize(size, Image.Resampling.LANCZOS)
    clean.paste(small.convert("RGBa").convert("RGBA") if image.mode == "RGBA" else small)
    file = io.BytesIO()
    clean.save(file, "WEBP", quality=82, method=4)
    return file.getvalue()

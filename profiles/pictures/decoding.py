"""Pictures from strangers: from an upload to WebP pictures without metadata, square photos or whole logos."""

import contextlib
import io
import math
import struct
from collections.abc import Callable
from typing import IO

from django.core.exceptions import ValidationError
from PIL import Image, ImageCms

from profiles.pictures.containers import Container, open_container

SIZES = (64, 256, 512)  # Sides in pixels.
MAX_BYTES = 10_000_000
MAX_SIDE = 16_384
MAX_FRAMES = 200
MAX_SCANS = 32  # Of a progressive JPEG. Encoders write about ten; each costs time for the whole area again.

# Megapixels, so that no upload takes more than 200 MB or 2 seconds. Decoding holds 4 bytes per pixel; for
# a progressive JPEG up to 8 more, its coefficients; for WebP 16, as its decoder keeps three canvases.
MAX_MEGAPIXELS = {"JPEG": 40, "progressive JPEG": 15, "PNG": 25, "GIF": 25, "WebP": 11}

# What Pillow's readers of these four formats raise for damaged files.
_DAMAGED = (OSError, SyntaxError, ValueError, IndexError, EOFError, struct.error)
# What it says of bombs; the warning is raised where warnings are errors.
_TOO_LARGE = (Image.DecompressionBombError, Image.DecompressionBombWarning)

_WORKING_SIDE = 2 * max(SIZES)  # Down to twice what is wanted a picture is shrunk fast, from there on well.
_BAND = 64  # Rows of the shrunken picture that are made at once.

# EXIF's orientations, and what sets each upright.
_TURNS = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}


def process(upload: bytes | IO[bytes], *, max_bytes: int = MAX_BYTES) -> dict[int, bytes]:
    """The centre square of an uploaded picture, upright and in sRGB, as one WebP file for each side in SIZES.

    Takes JPEG, PNG, WebP and GIF (of an animation the first picture), told by their bytes. Transparent pixels
    become white: a photo looks the same on light and dark pages, and colours that lay hidden are gone.
    Smaller pictures are enlarged. All else raises ValidationError with a sentence for the person.
    """
    square = _opened(upload, max_bytes, _centre_square)
    return {size: _webp(square, (size, size)) for size in SIZES}


def process_whole(upload: bytes | IO[bytes], *, side: int, max_bytes: int = MAX_BYTES) -> bytes:
    """The same of the whole picture: one WebP file that fits into a square of `side` pixels, not enlarged."""
    picture = _opened(upload, max_bytes, _whole)
    scale = min(1, side / max(picture.size))
    return _webp(picture, (max(1, round(picture.width * scale)), max(1, round(picture.height * scale))))


def _opened(upload: bytes | IO[bytes], max_bytes: int, cut: Callable[[Image.Image], Image.Image]) -> Image.Image:
    """What `cut` takes of an uploaded picture, upright and in sRGB."""
    container = _container(_read(upload, max_bytes))
    try:
        with Image.open(io.BytesIO(container.data), formats=[container.format]) as image:
            _check_size(image, container.kind)
            image.draft(None, (_WORKING_SIDE, _WORKING_SIDE))
            image.load()
            part, profile = cut(image), image.info.get("icc_profile")
    except _TOO_LARGE as error:
        raise _refused("pixels", _largest("The picture has far too many pixels", container.kind)) from error
    except _DAMAGED as error:
        raise _damaged() from error
    return _upright(_in_srgb(part, profile), container.orientation)


def _refused(code: str, sentence: str) -> ValidationError:
    return ValidationError(sentence, code=code)


def _damaged() -> ValidationError:
    return _refused("damaged", "The picture is damaged or incomplete. Save it again, or choose another one.")


def _read(upload: bytes | IO[bytes], max_bytes: int) -> bytes:
    if not isinstance(upload, bytes):
        upload.seek(0)
        upload = upload.read(max_bytes + 1)
    if not upload:
        raise _refused("empty", "The file is empty.")
    if len(upload) > max_bytes:
        raise _refused("bytes", f"The file is too large; the largest that fits is {max_bytes / 1e6:g} MB.")
    return upload


def _container(data: bytes) -> Container:
    try:
        container = open_container(data)
    except (ValueError, IndexError, struct.error) as error:
        raise _damaged() from error
    if container is None:
        raise _refused("format", "The file is not a JPEG, PNG, WebP or GIF picture.")
    if container.frames > MAX_FRAMES:
        raise _refused("frames", f"The animation has {container.frames} pictures; at most {MAX_FRAMES} fit.")
    if container.scans > MAX_SCANS:
        raise _refused("scans", f"The JPEG is saved in {container.scans} passes; at most {MAX_SCANS} fit.")
    return container


def _check_size(image: Image.Image, kind: str) -> None:
    """Refuse by the size in the header, before a pixel is decoded."""
    side = max(image.size)
    if side > MAX_SIDE:
        raise _refused("side", f"The picture is {side} pixels long; the longest that fits is {MAX_SIDE}.")
    megapixels = image.width * image.height / 1e6
    if megapixels > MAX_MEGAPIXELS[kind]:
        raise _refused("pixels", _largest(f"The picture is {megapixels:.1f} megapixels", kind))


def _largest(finding: str, kind: str) -> str:
    return f"{finding}; the largest {kind} that fits is {MAX_MEGAPIXELS[kind]}."


def _centre_square(image: Image.Image) -> Image.Image:
    factor = max(1, min(image.size) // _WORKING_SIDE)
    side = min(image.size) // factor * factor
    left, top = (image.width - side) // 2, (image.height - side) // 2
    return _shrunk(image, (left, top, left + side, top + side), factor)


def _whole(image: Image.Image) -> Image.Image:
    return _shrunk(image, (0, 0, *image.size), max(1, max(image.size) // _WORKING_SIDE))


def _shrunk(image: Image.Image, box: tuple[int, int, int, int], factor: int) -> Image.Image:
    """This part of the picture, in L, RGB or CMYK, its sides divided by `factor`.

    Works band by band, so that only the decoded picture itself is ever held at its full size.
    """
    left, top, right, bottom = box
    small = Image.new(_plain_mode(image), (math.ceil((right - left) / factor), math.ceil((bottom - top) / factor)))
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
        return band.point(lambda level: level / 256).convert("L")  # convert() alone would cut at 255.
    if not band.has_transparency_data:
        return band.convert(mode)
    white = Image.new("RGBA", band.size, "white")
    return Image.alpha_composite(white, band.convert("RGBA")).convert(mode)


def _in_srgb(image: Image.Image, profile: bytes | None) -> Image.Image:
    if profile:
        # One that is damaged, or for another kind of picture, counts as none; without one, sRGB is the rule.
        with contextlib.suppress(ImageCms.PyCMSError):
            source, target = ImageCms.getOpenProfile(io.BytesIO(profile)), ImageCms.createProfile("sRGB")
            return ImageCms.buildTransform(source, target, image.mode, "RGB").apply(image)
    return image.convert("RGB")


def _upright(image: Image.Image, orientation: int) -> Image.Image:
    return image.transpose(_TURNS[orientation]) if orientation in _TURNS else image


def _webp(image: Image.Image, size: tuple[int, int]) -> bytes:
    """A new file, of pixels copied into a new image: whatever was attached to the old one is not."""
    clean = Image.new("RGB", size)
    clean.paste(image.resize(size, Image.Resampling.LANCZOS))
    file = io.BytesIO()
    clean.save(file, "WEBP", quality=82, method=4)
    return file.getvalue()

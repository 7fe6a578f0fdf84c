"""Pictures as people and attackers upload them, made on the spot."""

import io
import struct
import zlib
from typing import Any

from PIL import ExifTags, Image, ImageCms

RED, GREEN, BLUE, WHITE = (220, 20, 20), (20, 180, 20), (20, 20, 220), (255, 255, 255)


def saved(image: Image.Image, kind: str, **options: Any) -> bytes:
    file = io.BytesIO()
    image.save(file, kind, **options)
    return file.getvalue()


def quarters(mode: str = "RGB", side: int = 120) -> Image.Image:
    """Red and green above blue and white: any turn or flip of it shows."""
    image = Image.new("RGB", (side, side), WHITE)
    half = side // 2
    image.paste(RED, (0, 0, half, half))
    image.paste(GREEN, (half, 0, side, half))
    image.paste(BLUE, (0, half, half, side))
    return image.quantize(4) if mode == "P" else image.convert(mode)


def camera_exif(orientation: int = 1) -> Image.Exif:
    """What a telephone writes: its name, how it was held, where it was."""
    exif = Image.Exif()
    exif[ExifTags.Base.Make] = "Spyglass"
    exif[ExifTags.Base.Orientation] = orientation
    exif.get_ifd(ExifTags.IFD.GPSInfo).update({1: "N", 2: (52.0, 31.0, 12.5), 3: "E", 4: (13.0, 24.0, 17.8)})
    return exif


def photograph(orientation: int = 1, kind: str = "JPEG") -> bytes:
    """A photo with all that cameras and editors attach."""
    attached: dict[str, Any] = {"exif": camera_exif(orientation), "xmp": b"<x:xmpmeta>Spyglass</x:xmpmeta>"}
    if kind == "JPEG":
        attached["comment"] = b"Spyglass"
    return saved(quarters(), kind, icc_profile=srgb_profile(), quality=95, **attached)


def srgb_profile() -> bytes:
    return ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()


def animation(kind: str, frames: int = 3) -> bytes:
    """Its first picture is the quarters; the others are plain."""
    later = [Image.new("RGB", (120, 120), (i % 256, i // 256, 90)) for i in range(1, frames)]
    return saved(quarters(), kind, save_all=True, append_images=later, lossless=True)


def png_chunk(kind: bytes, data: bytes = b"") -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def blank_png(width: int, height: int, *, extra: bytes = b"") -> bytes:
    """An RGBA picture of transparent black, in few bytes, with further chunks before the pixels."""
    pack = zlib.compressobj(1)
    pixels = b"".join([*(pack.compress(bytes(1 + 4 * width)) for _ in range(height)), pack.flush()])
    return png_of(width, height, pixels, extra=extra)


def png_of(width: int, height: int, pixels: bytes, *, extra: bytes = b"") -> bytes:
    header = png_chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 6, 0, 0, 0))
    return b"\x89PNG\r\n\x1a\n" + header + extra + png_chunk(b"IDAT", pixels) + png_chunk(b"IEND")


def jpeg_segment(marker: int, data: bytes = b"") -> bytes:
    return b"\xff" + bytes([marker]) + struct.pack(">H", len(data) + 2) + data


def zipped(megabytes: int) -> bytes:
    """So many of zeros, in a few thousandths of that."""
    pack = zlib.compressobj(1)
    return b"".join([*(pack.compress(bytes(1_000_000)) for _ in range(megabytes)), pack.flush()])


def passes(side: int, number: int) -> bytes:
    """A progressive JPEG whose last scan is repeated until there are so many."""
    plain = saved(Image.new("L", (side, side)), "JPEG", progressive=True)
    last = plain[plain.rindex(b"\xff\xc4") : -2]
    return plain[:-2] + last * (number - plain.count(b"\xff\xda")) + plain[-2:]


def icc_profile(tags: dict[bytes, bytes], colours: bytes = b"RGB ", version: int = 4) -> bytes:
    """A screen's profile of these tags."""
    start, entries, data = 132 + 12 * len(tags), b"", b""
    for name, tag in tags.items():
        entries += struct.pack(">4sII", name, start + len(data), len(tag))
        data += tag + bytes(-len(tag) % 4)
    head = struct.pack(
        ">I4xB3x4s4s4s12x4s28xIII48x",
        start + len(data),
        version,
        b"mntr",
        colours,
        b"XYZ ",
        b"acsp",
        0xF6D6,
        0x10000,
        0xD32D,
    )
    return head + struct.pack(">I", len(tags)) + entries + data


def repeated_elements(number: int) -> bytes:
    """A tag that names one matrix so often, as version 4 lets it."""
    start = 16 + 8 * number
    matrix = b"matf" + struct.pack(">4xHH12f", 3, 3, 1, 0, 0, 0, 1, 0, 0, 0, 1, 0, 0, 0)
    return b"mpet" + struct.pack(">4xHHI", 3, 3, number) + struct.pack(">II", start, len(matrix)) * number + matrix


def icc_bomb(number: int = 100_000) -> bytes:
    """An sRGB profile that sends each colour through so many matrices besides. Zipped, it is a few hundred bytes."""
    return icc_profile({b"D2B0": repeated_elements(number)})


def riff(chunks: bytes) -> bytes:
    """A WebP file of these chunks."""
    return b"RIFF" + struct.pack("<I", len(chunks) + 4) + b"WEBP" + chunks


def gif_with(blocks: bytes) -> bytes:
    """The quarters as a GIF, with these blocks behind."""
    return saved(quarters("P"), "GIF")[:-1] + blocks + b";"

"""Reads picture files and keeps only what their first picture needs, before a decoder sees them.

Pillow reads metadata when it opens a file, and crafted metadata is slow or large: 2 MB of small EXIF segments cost 6
seconds, 60 KB of compressed text cost 240 MB, and each scan of a progressive JPEG costs the time of its whole area. So
text, EXIF, comments and further frames are left out here, and scans are counted.
"""

import re
import struct
from collections.abc import Callable, Iterator
from typing import NamedTuple, TypeVar

from profiles.pictures.colours import profile_of
from profiles.pictures.unended import has_all_scans

MAX_PARTS = 20_000  # Segments or chunks. The pictures that cameras and editors write have a few hundred.

_JPEG_SEGMENT = re.compile(rb"\xff([\xc0-\xcf\xda-\xfe])")  # Markers with a length.
_JPEG_PROGRESSIVE = 0xC2
_JPEG_FRAMES = {0xC0, 0xC1, _JPEG_PROGRESSIVE}  # Browsers do not show lossless, hierarchical or arithmetic-coded ones.
_JPEG_TABLES = {0xC4, 0xDB, 0xDD}
_JPEG_SCAN = 0xDA
_JPEG_COLOUR = {0xE0: b"JFIF\0", 0xE2: b"ICC_PROFILE\0", 0xEE: b"Adobe"}
_PNG_COLOURS = {b"iCCP", b"sRGB", b"gAMA", b"cHRM", b"cICP"}
_PNG_CHUNKS = {b"IHDR", b"PLTE", b"tRNS", b"iCCP", b"IDAT", b"IEND"}
_WEBP_CHUNKS = {b"VP8X", b"ICCP", b"ANIM", b"ALPH", b"VP8 ", b"VP8L"}
_AVIF_BRANDS, _HEIC_BRANDS = {b"avif", b"avis"}, {b"heic", b"heix", b"heim", b"heis"}
ORIENTATION = 0x0112

Part = TypeVar("Part")


class Container(NamedTuple):
    """A picture file: its format, the bytes for the decoder, and the counted scans."""

    kind: str
    data: bytes
    orientation: int = 1
    frames: int = 1
    scans: int = 1
    size: tuple[int, int] | None = None  # Known here because the decoder allocates memory before it reports the size.
    profile: bytes | None = None  # The chunks that describe colours, if there is no profile.
    bits: int = 8  # Bits of each sample in a PNG.
    is_ended: bool = True

    @property
    def format(self) -> str:
        """Pillow's name of the format."""
        return self.kind.split()[-1]


def open_container(data: bytes) -> Container | None:
    """The picture file in `data`, recognised by its first bytes; None for other kinds.

    Raises ValueError, IndexError or struct.error if the file is cut off or damaged.
    """
    read = next((read for magic, read in _READERS.items() if re.match(magic, data, re.DOTALL)), None)
    return read(data) if read else None


def _read_jpeg(data: bytes) -> Container:
    kept, orientation, frame = [data[:2]], 1, b""
    for marker, segment in _limited(_jpeg_segments(data)):
        if marker in _JPEG_FRAMES:
            frame = segment
        if marker in _JPEG_FRAMES | _JPEG_TABLES | {_JPEG_SCAN} or _carries_colour(marker, segment):
            kept.append(segment)
        elif marker == 0xE1 and segment.startswith(b"Exif\0\0", 4):
            orientation = _orientation(segment[10:])
    scans = kept[-1].count(b"\xff\xda\0")  # The header of a scan is short, so its length starts with a zero.
    is_ended = kept[-1].endswith(b"\xff\xd9")
    if not is_ended and not has_all_scans(frame, kept[-1]):
        raise ValueError("a JPEG that ends before its last scan")
    return Container(_jpeg_kind(frame, kept[-1], scans), b"".join(kept), orientation, scans=scans, is_ended=is_ended)


def _jpeg_kind(frame: bytes, scan: bytes, scans: int) -> str:
    if scans == 1 and _is_decoded_by_rows(frame, scan):
        return "JPEG"
    return "progressive CMYK JPEG" if frame[9] == 4 else "progressive JPEG"


def _is_decoded_by_rows(frame: bytes, scan: bytes) -> bool:
    """Whether all colours are in one scan. If not, libjpeg holds the whole picture's coefficients."""
    return frame[1] != _JPEG_PROGRESSIVE and frame[9] == scan[4]


def _carries_colour(marker: int, segment: bytes) -> bool:
    return marker in _JPEG_COLOUR and segment.startswith(_JPEG_COLOUR[marker], 4)


def _jpeg_segments(data: bytes) -> Iterator[tuple[int, bytes]]:
    """Marker and bytes of each segment; the last one contains all scans, up to the end marker if there is one.

    What follows, such as a phone's second picture or video, is not read.
    """
    position = 2
    while found := _JPEG_SEGMENT.search(data, position):
        start, marker = found.start(), found[1][0]
        if marker == _JPEG_SCAN:
            end = data.find(b"\xff\xd9", start)
            yield marker, data[start : end + 2] if end > 0 else data[start:].rstrip(b"\xff")
            return
        (length,) = struct.unpack_from(">H", data, start + 2)
        position = start + 2 + length
        yield marker, data[start:position]
    raise ValueError("a JPEG without a scan")


def _read_png(data: bytes) -> Container:
    kept, orientation, frames = [data[:8]], 1, 1
    colours: dict[bytes, bytes] = {}
    for kind, chunk in _limited(_png_chunks(data)):
        if kind in _PNG_CHUNKS and kind not in colours:  # Pillow would decompress each profile.
            kept.append(chunk)
        elif kind == b"eXIf":
            orientation = _orientation(chunk[8:-4])
        elif kind == b"acTL":
            (frames,) = struct.unpack_from(">I", chunk, 8)
        if kind in _PNG_COLOURS:
            colours.setdefault(kind, chunk[8:-4])
    profile = profile_of(colours)
    return Container("PNG", b"".join(kept), orientation, frames, profile=profile, bits=data[24])


def _png_chunks(data: bytes) -> Iterator[tuple[bytes, bytes]]:
    """Kind and bytes of each chunk, IEND included."""
    position, kind = 8, b""
    while kind != b"IEND":
        length, kind = struct.unpack_from(">I4s", data, position)
        end = position + length + 12
        if end > len(data):
            raise ValueError("a PNG that ends within a chunk")
        yield kind, data[position:end]
        position = end


def _read_gif(data: bytes) -> Container:
    start = 13 + _gif_colours(data[10])
    control, first, frames = b"", b"", 0
    try:
        for kind, block in _limited(_gif_blocks(data, start)):
            if kind == b"," and not frames:
                first = control + block
            elif block[1] == 0xF9:
                control = block
            frames += kind == b","
    except IndexError:
        if not frames:  # If the file is cut off after this, the first picture is complete.
            raise
    if not frames:
        raise ValueError("a GIF without a picture")
    return Container("GIF", data[:start] + first + b";", frames=frames)


def _gif_blocks(data: bytes, position: int) -> Iterator[tuple[bytes, bytes]]:
    """Extensions ("!") and pictures (","), up to the trailer; some files end without one."""
    while (kind := data[position : position + 1]) not in {b";", b""}:
        start = position
        if kind == b"!":
            position = _past_gif_blocks(data, start + 2)
        elif kind == b",":
            position = _past_gif_blocks(data, start + 11 + _gif_colours(data[start + 9]))
        else:
            raise ValueError("a GIF with an unknown block")
        yield kind, data[start:position]


def _gif_colours(flags: int) -> int:
    """The size in bytes of the colour table, from these flags."""
    return 3 << (flags & 7) + 1 if flags & 0x80 else 0


def _past_gif_blocks(data: bytes, position: int) -> int:
    while length := data[position]:
        position += length + 1
    return position + 1


def _read_webp(data: bytes) -> Container:
    kept, orientation, frames = [b"WEBP"], 1, 0
    for kind, chunk in _limited(_webp_chunks(data)):
        frames += kind == b"ANMF"
        if kind in _WEBP_CHUNKS or (kind == b"ANMF" and frames == 1):
            kept.append(chunk)
        elif kind == b"EXIF":
            orientation = _orientation(chunk[8:].removeprefix(b"Exif\0\0"))
    size = sum(map(len, kept))
    file = b"".join([b"RIFF", struct.pack("<I", size), *kept])
    return Container("WebP", file, orientation, max(frames, 1), size=_webp_size(file))


def _webp_size(file: bytes) -> tuple[int, int]:
    """The size of the canvas, or of the only picture."""
    kind, body = file[12:16], file[20:]
    if kind == b"VP8X":
        return int.from_bytes(body[4:7], "little") + 1, int.from_bytes(body[7:10], "little") + 1
    if kind == b"VP8L":
        sides = int.from_bytes(body[1:5], "little")
        return (sides & 0x3FFF) + 1, (sides >> 14 & 0x3FFF) + 1
    width, height = struct.unpack_from("<HH", body, 6)
    return width & 0x3FFF, height & 0x3FFF


def _webp_chunks(data: bytes) -> Iterator[tuple[bytes, bytes]]:
    (size,) = struct.unpack_from("<I", data, 4)
    position = 12
    while position < size + 8:
        kind, length = struct.unpack_from("<4sI", data, position)
        end = position + 8 + length + length % 2
        if end > len(data):
            raise ValueError("a WebP that ends within a chunk")
        yield kind, data[position:end]
        position = end


def _limited(parts: Iterator[Part]) -> Iterator[Part]:
    for number, part in enumerate(parts):
        if number == MAX_PARTS:
            raise ValueError(f"a picture of more than {MAX_PARTS} parts")
        yield part


def _orientation(tiff: bytes) -> int:
    """The orientation in an EXIF block, from 1 to 8; 1, upright, if there is none."""
    order = ">" if tiff.startswith(b"MM") else "<"
    try:
        (directory,) = struct.unpack_from(f"{order}I", tiff, 4)
        (count,) = struct.unpack_from(f"{order}H", tiff, directory)
        entries = tiff[directory + 2 : directory + 2 + 12 * count]
        tags = dict(struct.iter_unpack(f"{order}H6xH2x", entries))
    except struct.error:
        return 1
    return tags.get(ORIENTATION, 1)


def _read_heif(data: bytes) -> Container:
    """An AVIF or HEIC picture, recognised by the brands of its container (ISO/IEC 14496-12). Nothing is left out, since
    its parts are read by their offsets. The rotation is in the container, or in EXIF (AVIF).
    """
    (size,) = struct.unpack_from(">I", data)
    brands = {data[at : at + 4] for at in (8, *range(16, min(size, 256), 4))}
    if brands & _AVIF_BRANDS:
        return Container("AVIF", data)
    if brands & _HEIC_BRANDS:
        return Container("HEIF", data)
    raise ValueError("neither AVIF nor HEIC")


_READERS: dict[bytes, Callable[[bytes], Container]] = {
    rb"\xff\xd8\xff": _read_jpeg,
    rb"\x89PNG\r\n\x1a\n": _read_png,
    rb"GIF8[79]a": _read_gif,
    rb"RIFF....WEBP": _read_webp,
    rb"....ftyp(avi[fs]|hei[cxms]|mi[af]1|msf1)": _read_heif,
}

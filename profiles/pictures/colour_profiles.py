"""Reduces colour profiles (ICC) to tags for which littlecms needs limited time and memory.

A profile is a program: an element of a version-4 profile may contain thousands of curves and tables, or refer to one
thousands of times. 424 bytes cost littlecms 13 seconds, 6.5 KB cost it 3.7 GB. Screens and cameras write primaries and
curves; printing presses write one table of the first two versions. Only those are kept.
"""

import struct
from collections.abc import Callable, Iterator

MAX_BYTES = 2_000_000  # Profiles of printing presses have up to 1.5 MB, with more tables, which are left out here.
MAX_TAGS = 100
MAX_POINTS = 4096  # Points of a curve: as many as the specification allows for a table.

CHANNELS = {b"GRAY": 1, b"RGB ": 3, b"CMYK": 4}
CLASSES = {b"scnr", b"mntr", b"prtr", b"spac"}  # Devices. Other classes transform colours.
CONNECTIONS = {b"XYZ ", b"Lab "}
HEADER = struct.Struct(">I8x4s4s4s12x4s88x")  # Size, class, colours, connection space, "acsp".
ENTRY = struct.Struct(">4sII")


def cut_down(profile: bytes) -> bytes | None:
    """The profile with only the tags in KEPT; None if it is of another kind, or damaged."""
    try:
        size, kind, colours, connection, magic = HEADER.unpack_from(profile)
        tags = dict(_tags(profile))
    except (ValueError, struct.error):
        return None
    known = kind in CLASSES and colours in CHANNELS and connection in CONNECTIONS
    if magic != b"acsp" or not known or not size <= len(profile) <= MAX_BYTES:
        return None
    return joined(profile[4:128], {name: tag for name, tag in tags.items() if _is_plain(name, tag, colours)})


def _tags(profile: bytes) -> Iterator[tuple[bytes, bytes]]:
    (number,) = struct.unpack_from(">I", profile, 128)
    if number > MAX_TAGS:
        raise ValueError("a profile of too many tags")
    for name, start, length in ENTRY.iter_unpack(profile[132 : 132 + number * ENTRY.size]):
        if name in KEPT:
            yield name, profile[start : start + length]


def _is_plain(name: bytes, tag: bytes, colours: bytes) -> bool:
    try:
        return KEPT[name](tag, CHANNELS[colours])
    except struct.error:
        return False


def _is_point(tag: bytes, _channels: int) -> bool:
    return tag[:4] == b"XYZ " and len(tag) == 20


def _is_matrix(tag: bytes, _channels: int) -> bool:
    return tag[:4] == b"sf32" and len(tag) == 8 + 9 * 4


def _is_curve(tag: bytes, _channels: int) -> bool:
    """Points, or one of the five formulas."""
    if tag[:4] == b"para":
        (formula,) = struct.unpack_from(">H", tag, 8)
        return bool(formula <= 4)
    (points,) = struct.unpack_from(">I", tag, 8)
    return tag[:4] == b"curv" and points <= MAX_POINTS and 12 + 2 * points <= len(tag)


def _is_table(tag: bytes, channels: int) -> bool:
    """A table of 8 or 16 bits with as many numbers as it declares, and curves before and after it."""
    into, out, grid = tag[8:11] if len(tag) > 10 else (0, 0, 0)
    start, bits, before, behind = 48, 8, 256, 256
    if tag[:4] == b"mft2":
        start, bits = 52, 16
        before, behind = struct.unpack_from(">HH", tag, 48)
    elif tag[:4] != b"mft1":
        return False
    numbers = into * before + grid**into * out + out * behind
    whole = start + numbers * bits // 8 <= len(tag)
    return whole and (into, out) == (channels, 3) and max(before, behind) <= MAX_POINTS


KEPT: dict[bytes, Callable[[bytes, int], bool]] = {
    b"wtpt": _is_point,
    b"rXYZ": _is_point,
    b"gXYZ": _is_point,
    b"bXYZ": _is_point,
    b"chad": _is_matrix,
    b"kTRC": _is_curve,
    b"rTRC": _is_curve,
    b"gTRC": _is_curve,
    b"bTRC": _is_curve,
    b"A2B0": _is_table,
}


def joined(header: bytes, tags: dict[bytes, bytes]) -> bytes:
    """A profile with these tags, one after the other."""
    position, entries, kept = 132 + len(tags) * ENTRY.size, [], []
    for name, tag in tags.items():
        entries.append(ENTRY.pack(name, position, len(tag)))
        kept.append(tag + bytes(-len(tag) % 4))
        position += len(kept[-1])
    return b"".join([struct.pack(">I", position), header, struct.pack(">I", len(tags)), *entries, *kept])

"""JPEGs without an end marker. Browsers show them. They are accepted if complete, and refused if data is missing.

libjpeg does not report missing data but invents pixels. So such a file is decoded twice, with two different ends: if
data is missing, the pictures differ. Scans that are missing completely make no difference, so scans are counted.
"""

import hashlib
import re

from PIL import Image

ENDS = b"\xff\xd9", b"\x55" * 64 + b"\xff\xd9"

_PROGRESSIVE = 0xC2
# A scan's header: the number of its components, their ids and tables, and then which coefficients it has, from first to
# last, and from which bit on (ITU-T T.81, B.2.3).
_SCAN = re.compile(rb"\xff\xda\0.([\x01-\x04])", re.DOTALL)
_BAND = 256  # Rows per hashing step: otherwise, the whole picture would be in memory twice.


def has_all_scans(frame: bytes, scans: bytes) -> bool:
    """Whether all components have all coefficients to the last bit. The last scan's data may still be cut off."""
    coefficients = range(64 if frame[1] == _PROGRESSIVE else 1)  # A sequential scan has all of them.
    lowest_bits: dict[tuple[int, int], int] = {}
    for found in _SCAN.finditer(scans):
        components, after = scans[found.end() :: 2][: found[1][0]], found.end() + 2 * found[1][0]
        first, last, bits = scans[after : after + 3]
        for component in components:
            lowest_bits.update({(component, number): bits & 15 for number in range(first, last + 1)})
    wanted = [(component, number) for component in frame[10::3] for number in coefficients]
    return all(lowest_bits.get(each) == 0 for each in wanted)


def hash_of(image: Image.Image) -> bytes:
    """A hash of all pixels, since missing data may affect only pixels outside of the kept square."""
    pixels = hashlib.blake2b()
    for top in range(0, image.height, _BAND):
        pixels.update(image.crop((0, top, image.width, min(top + _BAND, image.height))).tobytes())
    return pixels.digest()

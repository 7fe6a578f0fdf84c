"""JPEGs without an end mark. Browsers show them, and so do we if they are whole; if data is missing, they are refused.

libjpeg does not report missing data, it makes up pixels. So such a file is decoded twice, with two different ends: if
data is missing, the pictures differ. That does not show scans of which not a byte is there, so they are counted.
"""

import hashlib
import re

from PIL import Image

ENDS = b"\xff\xd9", b"\x55" * 64 + b"\xff\xd9"

_PROGRESSIVE = 0xC2
# A scan's header: the number of its components, their ids and tables, and then which coefficients it has, from first to
# last, and from which bit on (ITU-T T.81, B.2.3).
_SCAN = re.compile(rb"\xff\xda\0.([\x01-\x04])", re.DOTALL)
_BAND = 256  # Rows that are hashed at once: the whole picture would be in memory twice.


def has_all_scans(frame: bytes, scans: bytes) -> bool:
    """Do all components have all their coefficients to the last bit? The data of the last scan may still be cut off."""
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
    """Of all pixels: what is missing at the end of the file may be missing outside of the square that is kept."""
    pixels = hashlib.blake2b()
    for top in range(0, image.height, _BAND):
        pixels.update(image.crop((0, top, image.width, min(top + _BAND, image.height))).tobytes())
    return pixels.digest()

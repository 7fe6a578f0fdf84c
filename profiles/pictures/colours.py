"""Makes a colour profile from the chunks gAMA, cHRM and cICP of a PNG without a profile, as browsers do.

High dynamic range (cICP's transfer functions 16 and 18) is not converted: littlecms has no tone mapping. Such a picture
looks pale.
"""

import struct
from collections.abc import Sequence

from profiles.pictures.colour_profiles import joined

Matrix = list[list[float]]

D65 = (0.3127, 0.3290)
REC709 = (0.64, 0.33, 0.30, 0.60, 0.15, 0.06)
# Of cICP, by its numbers (ITU-T H.273): the primaries, and the parameters of ICC's formulas.
PRIMARIES = {1: REC709, 9: (0.708, 0.292, 0.170, 0.797, 0.131, 0.046), 12: (0.680, 0.320, 0.265, 0.690, 0.150, 0.060)}
SRGB = (2.4, 1 / 1.055, 0.055 / 1.055, 1 / 12.92, 0.04045)
BT709 = (1 / 0.45, 1 / 1.099, 0.099 / 1.099, 1 / 4.5, 0.081)
TRANSFERS = {1: BT709, 4: (2.2,), 5: (2.8,), 6: BT709, 8: (1.0,), 13: SRGB, 14: BT709, 15: BT709}
FORMULAS = {1: 0, 5: 3}  # ICC's number of the formula, by its number of parameters.

D50 = [0.9642, 1.0, 0.8249]
BRADFORD = [[0.8951, 0.2664, -0.1614], [-0.7502, 1.7135, 0.0367], [0.0389, -0.0685, 1.0296]]


def profile_of(chunks: dict[bytes, bytes]) -> bytes | None:
    """An ICC profile from these chunks, by kind; None if they say nothing, or nothing valid.

    In the order of the PNG specification: cICP has priority over iCCP and sRGB, which have priority over gAMA and cHRM.
    """
    try:
        if b"cICP" in chunks:
            primaries, transfer = chunks[b"cICP"][:2]
            return screen(PRIMARIES[primaries], D65, TRANSFERS[transfer])
        if {b"iCCP", b"sRGB"} & set(chunks) or not {b"gAMA", b"cHRM"} & set(chunks):
            return None
        white, primaries_given = _chromaticities(chunks.get(b"cHRM"))
        return screen(primaries_given, white, _gamma(chunks.get(b"gAMA")))
    except (ValueError, KeyError, ZeroDivisionError, OverflowError, struct.error):
        return None


def _chromaticities(chunk: bytes | None) -> tuple[Sequence[float], Sequence[float]]:
    if chunk is None:
        return D65, REC709
    numbers = [number / 100_000 for number in struct.unpack(">8I", chunk)]
    return numbers[:2], numbers[2:]


def _gamma(chunk: bytes | None) -> Sequence[float]:
    if chunk is None:
        return SRGB
    (number,) = struct.unpack(">I", chunk)
    return (100_000 / number,)


def screen(primaries: Sequence[float], white: Sequence[float], curve: Sequence[float]) -> bytes:
    """The profile of a screen with these chromaticities (x, y) and this curve."""
    columns = [_xyz(*primaries[at : at + 2]) for at in (0, 2, 4)]
    light = _xyz(*white)
    weights = _solved(_turned(columns), light)
    lit = [[weight * part for part in column] for column, weight in zip(columns, weights, strict=True)]
    formula = struct.pack(f">4s4xHH{len(curve)}i", b"para", FORMULAS[len(curve)], 0, *map(_fixed, curve))
    tags = {b"wtpt": _point(D50)} | dict.fromkeys((b"rTRC", b"gTRC", b"bTRC"), formula)
    tags |= {name: _point(_adapted(xyz, light)) for name, xyz in zip((b"rXYZ", b"gXYZ", b"bXYZ"), lit, strict=True)}
    header = struct.pack(">4xI4s4s4s12x4s28x3I48x", 0x0420_0000, b"mntr", b"RGB ", b"XYZ ", b"acsp", *map(_fixed, D50))
    return joined(header, tags)


def _xyz(x: float, y: float) -> list[float]:
    return [x / y, 1, (1 - x - y) / y]


def _adapted(xyz: list[float], white: list[float]) -> list[float]:
    """The colour adapted to D50, the white point of profiles."""
    gains = [target / source for target, source in zip(_times(BRADFORD, D50), _times(BRADFORD, white), strict=True)]
    cones = [gain * part for gain, part in zip(gains, _times(BRADFORD, xyz), strict=True)]
    return _solved(BRADFORD, cones)


def _times(matrix: Matrix, vector: list[float]) -> list[float]:
    return [sum(factor * part for factor, part in zip(row, vector, strict=True)) for row in matrix]


def _turned(matrix: Matrix) -> Matrix:
    return [list(row) for row in zip(*matrix, strict=True)]


def _solved(matrix: Matrix, vector: list[float]) -> list[float]:
    """Solve the linear equations by Cramer's rule."""
    whole = _determinant(matrix)
    columns = _turned(matrix)
    return [_determinant([*columns[:at], vector, *columns[at + 1 :]]) / whole for at in range(3)]


def _determinant(rows: Matrix) -> float:
    (a, b, c), (d, e, f), (g, h, i) = rows
    return a * (e * i - f * h) - b * (d * i - f * g) + c * (d * h - e * g)


def _fixed(number: float) -> int:
    return round(number * 65536)


def _point(xyz: list[float]) -> bytes:
    return struct.pack(">4s4x3i", b"XYZ ", *map(_fixed, xyz))

"""The result as aligned text, and as JSON."""

from collections.abc import Sequence
from typing import Any

from tests.bench.figures import ALL, Row

HEAD = ("work", "plain", "plain, fastest options", "single", "tenantry", "ratio", "goal", "met?")


def table(rows: Sequence[Row]) -> str:
    """Columns as wide as they need to be; numbers are aligned right."""
    lines = [HEAD, *(cells(row) for row in rows)]
    widths = [max(len(line[column]) for line in lines) for column in range(len(HEAD))]
    text = [aligned(line, widths) for line in lines]
    text.insert(1, "-" * len(text[0]))
    return "\n".join(text)


def aligned(line: Sequence[str], widths: Sequence[int]) -> str:
    first, *others = zip(line, widths, strict=True)
    return "  ".join([first[0].ljust(first[1]), *(cell.rjust(width) for cell, width in others)])


def cells(row: Row) -> tuple[str, ...]:
    figures = [amount(row.figures.get(name), row.unit) for name in ALL]
    met = {True: "yes", False: "no", None: ""}[row.is_met]
    return (row.work, *figures, ratio(row), goal(row), met)


def ratio(row: Row) -> str:
    """The ratio, and where plain django-tenants has two figures also the one against its defaults."""
    if row.ratio is None:
        return ""
    against_default = f" ({rounded(row.ratio_to_default)}×)" if row.ratio_to_default else ""
    return f"{rounded(row.ratio)}×{against_default}"


def goal(row: Row) -> str:
    if row.at_least is not None:
        return f"≥ {row.at_least:g}"
    return "" if row.at_most is None else f"≤ {row.at_most:g}"


def amount(value: float | None, unit: str) -> str:
    """A figure for people: seconds as ms or µs where that reads better."""
    if value is None:
        return "–"
    if unit == "fold":
        return f"{rounded(value)}×"
    if unit == "s" and value < 0.001:
        return f"{rounded(value * 1_000_000)} µs"
    if unit == "s" and value < 1:
        return f"{rounded(value * 1000)} ms"
    return f"{rounded(value)} {unit}".strip()


def rounded(value: float) -> str:
    """Three figures that count, and none invented."""
    if value >= 100:
        return f"{value:.0f}"
    return f"{value:.1f}" if value >= 10 else f"{value:.2f}".removesuffix(".00")


def as_json(row: Row) -> dict[str, Any]:
    return {
        "work": row.work,
        "unit": row.unit,
        "figures": dict(row.figures),
        "against": list(row.against),
        "ratio": row.ratio,
        "ratio_to_default": row.ratio_to_default,
        "at_least": row.at_least,
        "at_most": row.at_most,
        "met": row.is_met,
        "note": row.note,
        "rounds": dict(row.rounds),
    }

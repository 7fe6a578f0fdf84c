"""One line of the result: what each contestant needed, what ratio this is, and whether it meets its goal."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

PLAIN, PLAIN_FAST, SINGLE, TENANTRY = "plain", "plain_fast", "single", "tenantry"
ALL = (PLAIN, PLAIN_FAST, SINGLE, TENANTRY)
BOTH_PLAIN = (PLAIN, PLAIN_FAST)


@dataclass(frozen=True)
class Row:
    """A measure. Units: "s" seconds, "/s" requests per second, "MiB", "" a number, "fold" a growth.

    `against` names those with whose best Tenantry is compared; no one for a growth, which is its own ratio.
    """

    work: str
    unit: str
    figures: Mapping[str, float]
    against: Sequence[str] = ()
    at_least: float | None = None
    at_most: float | None = None
    note: str = ""
    rounds: Mapping[str, list[float]] = field(default_factory=dict)

    @property
    def ratio(self) -> float | None:
        """How many times faster than the best of `against`, or as many of a rate; None without figures."""
        return self.figures.get(TENANTRY) if self.unit == "fold" else self.ratio_to(self.against)

    @property
    def ratio_to_default(self) -> float | None:
        """The ratio to plain django-tenants by its defaults, if its fastest options have a figure as well."""
        both = set(BOTH_PLAIN) <= self.figures.keys() and set(BOTH_PLAIN) <= set(self.against)
        return self.ratio_to([PLAIN]) if both else None

    def ratio_to(self, names: Sequence[str]) -> float | None:
        own = self.figures.get(TENANTRY)
        others = [self.figures[name] for name in names if name in self.figures]
        if not own or not others:
            return None
        return own / max(others) if self.unit == "/s" else min(others) / own

    @property
    def is_met(self) -> bool | None:
        """None without a goal, or without the figures for it. With no one to compare with, the figure is judged."""
        judged = self.ratio if self.against else self.figures.get(TENANTRY)
        if judged is None or (self.at_least is None and self.at_most is None):
            return None
        too_low = self.at_least is not None and judged < self.at_least
        too_high = self.at_most is not None and judged > self.at_most
        return not too_low and not too_high


def median(values: Sequence[float]) -> float:
    """The middle one, or the mean of the two in the middle."""
    return quantile(values, 0.5)


def quantile(values: Sequence[float], part: float) -> float:
    """The value below which that part of them lies, between neighbours in proportion."""
    ordered = sorted(values)
    at = part * (len(ordered) - 1)
    low = int(at)
    high = min(low + 1, len(ordered) - 1)
    return ordered[low] + (ordered[high] - ordered[low]) * (at - low)


def medians(rounds: Mapping[str, Sequence[float]]) -> dict[str, float]:
    """Of each contestant."""
    return {name: median(values) for name, values in rounds.items() if values}

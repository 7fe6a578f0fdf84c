"""What an organisation has of each allowance, for the page about its plan."""

from collections.abc import Iterator
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.module_loading import import_string

from shared.capabilities.base import Allowance
from shared.capabilities.registry import allowances
from tenants.allowances import allowance


@dataclass(frozen=True)
class Figure:
    """`used` is None for what is not counted, such as days."""

    label: str | Promise
    unit: str
    allowed: int | None
    used: int | None

    @property
    def is_over(self) -> bool:
        return self.allowed is not None and self.used is not None and self.used > self.allowed

    @property
    def is_full(self) -> bool:
        return self.allowed is not None and self.used is not None and self.used >= self.allowed

    @property
    def is_missing(self) -> bool:
        """The plan does not include any, and none is there: this is no shortage."""
        return self.allowed == 0 and self.used == 0

    @property
    def filled(self) -> int:
        """What the meter shows: no more than all of it."""
        return min(self.used or 0, self.allowed or 0)

    @property
    def most(self) -> int:
        """Of the meter, which needs one at least."""
        return self.allowed or 1


def figures() -> Iterator[Figure]:
    """Of the current organisation, in order."""
    return (figure(name, each) for name, each in allowances().items())


def figure(name: str, of: Allowance) -> Figure:
    return Figure(of.label, of.unit, allowance(name), import_string(of.used)() if of.used else None)


def seats() -> Figure:
    return figure("seats", allowances()["seats"])

"""Plan and Trial: what config/plans.py is made of."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from django.utils.functional import Promise


@dataclass(frozen=True, kw_only=True)
class Plan:
    """What organisations with this plan may have. None stands for no limit.

    `more` has allowances that your own apps register, by name (allowances in docs/capabilities.md).
    """

    title: str | Promise
    seats: int | None = None
    domains: int | None = None
    files_bytes: int | None = None
    audit_days: int | None = None
    more: Mapping[str, int | None] = field(default_factory=dict)

    @property
    def allowances(self) -> dict[str, int | None]:
        """By name."""
        own = ("seats", "domains", "files_bytes", "audit_days")
        return {**{name: getattr(self, name) for name in own}, **self.more}


@dataclass(frozen=True, kw_only=True)
class Trial:
    """The plan of new organisations, for so many days."""

    plan: str
    days: int

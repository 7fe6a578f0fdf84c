"""Tests of many values that are alike take turns: part_each_day()."""

from collections.abc import Iterable
from datetime import date
from typing import Any

import pytest

TODAY = date.today().toordinal()  # noqa: DTZ011  any day will do


def part_each_day(values: Iterable[Any], *, days: int = 5) -> list[Any]:
    """For `parametrize`: today's part of the values is in the suite, and the others are in `make test-slow`."""
    return [
        pytest.param(*each, marks=[] if turn % days == TODAY % days else pytest.mark.slow)
        for turn, value in enumerate(values)
        for each in [value if isinstance(value, tuple) else (value,)]
    ]

"""Tests of many values that are alike take turns: part_each_day()."""

from collections.abc import Iterable
from datetime import date
from typing import Any

import pytest

TODAY = date.today().toordinal()  # noqa: DTZ011  any day will do


def is_todays(turn: int, *, of: int, days: int) -> bool:
    """Is it this value's day? Of fewer values than days, one is in the suite each day."""
    days = min(days, of)
    return turn % days == TODAY % days


def part_each_day(values: Iterable[Any], *, days: int = 5) -> list[Any]:
    """For `parametrize`: today's part of the values is in the suite, and the others are in `make test-slow`.

    A value that is a tuple is one for each name.
    """
    every = [value if isinstance(value, tuple) else (value,) for value in values]
    return [
        pytest.param(*each, marks=[] if is_todays(turn, of=len(every), days=days) else pytest.mark.slow)
        for turn, each in enumerate(every)
    ]

"""Values that take turns are in the suite on some day, and none of its days is without one: tests/daily.py."""

import pytest

from tests import daily
from tests.daily import part_each_day


@pytest.mark.parametrize("many", [1, 2, 3, 5, 7, 12])
@pytest.mark.parametrize("days", [2, 5, 10])
def test_each_value_has_its_day(monkeypatch, many, days):
    seen = []
    for today in range(739_000, 739_000 + days):
        monkeypatch.setattr(daily, "TODAY", today)
        todays = [each.values for each in part_each_day(range(many), days=days) if not each.marks]
        assert todays
        seen += todays
    assert set(seen) == {(value,) for value in range(many)}


def test_a_tuple_is_a_value_for_each_name():
    assert [each.values for each in part_each_day([("a", 1), ("b", 2)])] == [("a", 1), ("b", 2)]

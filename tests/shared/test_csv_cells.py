"""CSV files: no cell of them is taken for a formula."""

import csv
import io

import pytest

from shared.csv_cells import csv_lines, safe_cell


@pytest.mark.parametrize(
    "text",
    ["=cmd|' /C calc'!A0", "+1", "-1", "@SUM(A1)", "\tx", "\rx", "\nx", "\uff1d1", "\uff0b1", "\uff0d1", "\uff20A"],
)
def test_a_formula_gets_an_apostrophe(text: str) -> None:
    assert safe_cell(text) == f"'{text}"
    [row] = csv.reader(io.StringIO(csv_lines([[text, "next"]]).decode(), newline=""))
    assert row == [f"'{text}", "next"]


@pytest.mark.parametrize(("value", "text"), [(None, ""), ("", ""), (7, "7"), ("a=b", "a=b"), ("Ünï, “x”", "Ünï, “x”")])
def test_other_values_stay_what_they_are(value: object, text: str) -> None:
    assert safe_cell(value) == text

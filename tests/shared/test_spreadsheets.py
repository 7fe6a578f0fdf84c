"""CSV files that people open in a spreadsheet."""

import csv
import io

import pytest

from shared.spreadsheets import csv_lines


@pytest.mark.parametrize("cell", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "\n=1", '=HYPERLINK("http://x")'])
def test_a_cell_is_never_a_formula(cell):
    [[written]] = csv.reader(io.StringIO(csv_lines([[cell]]).decode(), newline=""))
    assert written == f"'{cell}"


@pytest.mark.parametrize("cell", ["", "Rita", "a=1", "12", 'says "hello", twice', "two\nlines"])
def test_other_cells_stay_as_they_are(cell):
    [row] = csv.reader(io.StringIO(csv_lines([[cell, "x"]]).decode(), newline=""))
    assert row == [cell, "x"]

"""CSV files for spreadsheets: no cell of them is taken for a formula."""

import csv
import io
from collections.abc import Iterable
from typing import Any

# A spreadsheet takes a cell that begins so for a formula, full-width signs too.
# https://owasp.org/www-community/attacks/CSV_Injection
FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "\uff1d", "\uff0b", "\uff0d", "\uff20")
# By this mark a spreadsheet knows that the file is UTF-8.
MARK = "\ufeff".encode()


def safe_cell(value: Any) -> str:
    """The text of a value for a cell: with an apostrophe before what would be a formula. None is empty."""
    text = "" if value is None else str(value)
    return f"'{text}" if text.startswith(FORMULA) else text


def csv_lines(rows: Iterable[Iterable[Any]]) -> bytes:
    """These rows as a part of a CSV file, in UTF-8."""
    text = io.StringIO()
    csv.writer(text).writerows([safe_cell(value) for value in row] for row in rows)
    return text.getvalue().encode()

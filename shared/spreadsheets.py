"""CSV files that people open in a spreadsheet."""

import csv
import io
from collections.abc import Iterable

# At the beginning of a file: by it, spreadsheets know that it is UTF-8.
MARK = "\ufeff".encode()
# A spreadsheet takes a cell that begins so for a formula. https://owasp.org/www-community/attacks/CSV_Injection
FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n")


def csv_lines(rows: Iterable[Iterable[str]]) -> bytes:
    """Lines of a CSV file, in which no cell is a formula."""
    text = io.StringIO()
    csv.writer(text).writerows([harmless(cell) for cell in row] for row in rows)
    return text.getvalue().encode()


def harmless(cell: str) -> str:
    """The cell with an apostrophe before it where a spreadsheet would compute it."""
    return f"'{cell}" if cell.startswith(FORMULA) else cell

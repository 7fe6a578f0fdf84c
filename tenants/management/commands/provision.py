"""Creates organisations from a CSV file."""

import csv
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError, CommandParser

from tenants.errors import NoSpare, TemplateStale
from tenants.organisations.provision import COLUMNS, provision

Line = tuple[int, list[str]]


class Command(BaseCommand):
    help = (
        f"Creates an organisation for each line of a CSV file in UTF-8, whose first line is {','.join(COLUMNS)}. The "
        "owner is an email address, or a name with one, as in Olga Owner <olga@acme.example>, and sets a password by "
        "mail. Lines that were done before are skipped, so the file can be corrected and used again."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", metavar="FILE", help="The CSV file, or - for standard input.")

    def handle(self, *args: Any, **options: Any) -> None:
        lines = read(options["file"])
        said = [self.do(number, fields, f"{at}/{len(lines)}") for at, (number, fields) in enumerate(lines, 1)]
        counts = f"{said.count('made')} made, {said.count('there')} there already, {said.count('failed')} failed."
        if "failed" in said:
            raise CommandError(f"{counts} Correct the lines that failed, and run it again.")
        self.stdout.write(counts)

    def do(self, number: int, fields: list[str], progress: str) -> str:
        """Process one line and report it. Returns the outcome: made, there or failed."""
        try:
            tenant, is_new = provision(fields)
        except TemplateStale as error:
            raise CommandError(str(error)) from error
        except (ValidationError, NoSpare) as error:
            messages = error.messages if isinstance(error, ValidationError) else [str(error)]
            self.stderr.write(f"{progress}  line {number} failed. {' '.join(messages)}")
            return "failed"
        self.stdout.write(f"{progress}  line {number}: {tenant.url()} {'is made' if is_new else 'is there already'}.")
        return "made" if is_new else "there"


def read(name: str) -> list[Line]:
    """The lines after the first one, with their numbers. Raises CommandError if the file cannot be read."""
    try:
        if name == "-":
            sys.stdin.reconfigure(encoding="utf-8-sig")  # type: ignore[union-attr]  # a text file
            return list(lines_of(sys.stdin))
        with Path(name).open(encoding="utf-8-sig", newline="") as file:
            return list(lines_of(file))
    except (OSError, UnicodeDecodeError) as error:
        raise CommandError(f"{name} cannot be read as text in UTF-8: {error}.") from error


def lines_of(file: Any) -> Iterator[Line]:
    reader = csv.reader(file, strict=True)
    try:
        head = [column.strip() for column in next(reader, [])]
        if head != COLUMNS:
            raise CommandError(f"The first line is {','.join(head)!r}. It has to be {','.join(COLUMNS)!r}.")
        for fields in reader:
            if fields:
                yield reader.line_num, fields
    except csv.Error as error:
        raise CommandError(f"Line {reader.line_num} is not CSV: {error}. Nothing was made.") from error

"""Writes what each organisation costs."""

import csv
import json
from collections.abc import Iterator
from dataclasses import asdict, fields
from datetime import UTC, date, datetime
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from tenants.costs.reading import Cost, costs, statements_since


class Command(BaseCommand):
    help = (
        "Writes what each active or suspended organisation costs: seconds in requests and jobs in a month, statements "
        "since PostgreSQL counts them (pg_stat_statements), and the bytes of its schema and of its files now."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("slugs", nargs="*", metavar="SLUG", help="Only these organisations.")
        parser.add_argument("--month", help="Such as 2026-11; by default the present one.")
        parser.add_argument("--format", choices=["csv", "json"], default="csv")

    def handle(self, *args: Any, **options: Any) -> None:
        found = costs(month_of(options["month"]), options["slugs"])
        if options["format"] == "csv":
            self.write_csv(found)
        else:
            self.write_json(found)
        since = statements_since()
        words = f"since {since:%Y-%m-%d %H:%M} UTC" if since else "not counted by PostgreSQL (see docs/operations.md)"
        self.stderr.write(f"Statements: {words}.")

    def write_csv(self, found: Iterator[Cost]) -> None:
        lines = csv.writer(self.stdout, lineterminator="\n")
        lines.writerow(field.name for field in fields(Cost))
        lines.writerows(asdict(cost).values() for cost in found)

    def write_json(self, found: Iterator[Cost]) -> None:
        """A list, one object in each line, written as it is read."""
        before = "[\n"
        for cost in found:
            self.stdout.write(f"{before}{json.dumps(asdict(cost))}", ending="")
            before = ",\n"
        self.stdout.write("\n]" if before != "[\n" else "[]")


def month_of(text: str | None) -> date:
    if text is None:
        return datetime.now(UTC).date().replace(day=1)
    try:
        return datetime.strptime(text, "%Y-%m").replace(tzinfo=UTC).date()
    except ValueError:
        raise CommandError(f"{text} is no month. Write it as 2026-11.") from None

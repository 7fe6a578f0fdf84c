"""Opens a suspended organisation again."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from tenants.errors import WrongState
from tenants.hosts import SECONDS
from tenants.management.lookup import row_named
from tenants.suspend import resume


class Command(BaseCommand):
    help = "Serves a suspended organisation again, as it was. What its jobs had to do is done within the hour."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("organisation", metavar="SLUG", help="Its slug or schema name.")

    def handle(self, *args: Any, **options: Any) -> None:
        tenant = row_named(options["organisation"])
        try:
            resume(tenant)
        except WrongState as error:
            raise CommandError(str(error)) from error
        self.stdout.write(f"{tenant} is active again, in all processes within {SECONDS} seconds.")

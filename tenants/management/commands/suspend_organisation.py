"""Closes an organisation for a while."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from tenants.errors import WrongState
from tenants.hosts import SECONDS
from tenants.management.lookup import row_named
from tenants.suspend import suspend


class Command(BaseCommand):
    help = (
        "Has an organisation's pages say that it is suspended. Nothing is deleted: its people stay signed in, and its "
        "jobs and mail wait, until `manage.py resume_organisation`."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("organisation", metavar="SLUG", help="Its slug or schema name.")

    def handle(self, *args: Any, **options: Any) -> None:
        tenant = row_named(options["organisation"])
        try:
            suspend(tenant)
        except WrongState as error:
            raise CommandError(str(error)) from error
        self.stdout.write(f"{tenant} is suspended, in all processes within {SECONDS} seconds.")

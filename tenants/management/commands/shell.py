"""Django's shell, inside an organisation with --tenant."""

from contextlib import nullcontext
from typing import Any

from django.core.management.base import CommandParser
from django.core.management.commands import shell

from tenants.context import within
from tenants.management.inside import organisation_named


class Command(shell.Command):
    def add_arguments(self, parser: CommandParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("--tenant", metavar="SLUG", help="Work inside this organisation, by slug or schema name.")

    def handle(self, **options: Any) -> None:
        with within(organisation_named(options["tenant"])) if options["tenant"] else nullcontext():
            super().handle(**options)

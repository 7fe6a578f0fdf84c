"""Runs another command inside one organisation."""

from argparse import REMAINDER, ArgumentParser
from typing import Any

from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError, CommandParser

from tenants.context import within
from tenants.management.inside import organisation_named

NAMES = ("-s", "--schema", "--tenant")


class Command(BaseCommand):
    help = "Runs a command inside one organisation: manage.py tenant_command --tenant SLUG COMMAND …"

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(*NAMES, dest="organisation", metavar="SLUG", help="By slug or schema name.")
        parser.add_argument("command_line", nargs=REMAINDER, metavar="COMMAND …")

    def handle(self, *args: Any, **options: Any) -> None:
        # Like django-tenants, accept the organisation also after the command's name.
        behind = ArgumentParser(add_help=False, allow_abbrev=False)
        behind.add_argument(*NAMES, dest="organisation", default=options["organisation"])
        found, line = behind.parse_known_args(options["command_line"])
        if not line or not found.organisation:
            raise CommandError("Name an organisation and a command: manage.py tenant_command --tenant SLUG COMMAND …")
        with within(organisation_named(found.organisation)):
            call_command(*line, stdout=self.stdout, stderr=self.stderr)

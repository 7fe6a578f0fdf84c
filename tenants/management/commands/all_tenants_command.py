"""Runs another command inside each organisation, but not in spares, the template and removed organisations."""

from argparse import REMAINDER
from typing import Any

from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError, CommandParser

from tenants.management.inside import in_each, organisations


class Command(BaseCommand):
    help = "Runs a command inside each active or suspended organisation, also after it has failed in one of them."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--no-public", action="store_true", help="It never runs in public.")
        parser.add_argument("command_line", nargs=REMAINDER, metavar="COMMAND …")

    def handle(self, *args: Any, **options: Any) -> None:
        line = options["command_line"]
        if not line:
            raise CommandError("Name a command: manage.py all_tenants_command COMMAND …")
        in_each(organisations(), lambda: call_command(*line, stdout=self.stdout, stderr=self.stderr), self.stdout)

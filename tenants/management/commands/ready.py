"""Says whether the installation is ready: `manage.py ready`, or for some lanes only, `manage.py ready urgent`."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from tenants.readiness.findings import findings


class Command(BaseCommand):
    help = "Reports on workers, waiting jobs, spares and disk. Exits with status 1 if any of them is not ready."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("lanes", nargs="*", metavar="LANE", help=f"of: {', '.join(settings.LANES)}")

    def handle(self, *args: Any, lanes: list[str], **options: Any) -> None:
        if unknown := [name for name in lanes if name not in settings.LANES]:
            raise CommandError(f"There is no lane {unknown[0]!r}. The lanes are {', '.join(settings.LANES)}.")
        # This process serves no requests.
        found = [each for each in findings(lanes or None) if each.what != "places"]
        self.stdout.write("\n".join(map(str, found)))
        if not all(each.is_well for each in found):
            raise CommandError("Not ready.")

"""Says whether the installation is ready: `manage.py ready`, or for some lanes only, `manage.py ready urgent`."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from tenants.jobs.lanes import NoLane, chosen
from tenants.readiness.findings import findings


class Command(BaseCommand):
    help = "Reports on workers, waiting jobs, spares and disk. Exits with status 1 if any of them is not ready."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("lanes", nargs="*", metavar="LANE", help=f"of: {', '.join(settings.LANES)}")
        parser.add_argument("--without", action="append", default=[], metavar="LANE", help="all lanes but this one")

    def handle(self, *args: Any, lanes: list[str], without: list[str], **options: Any) -> None:
        try:
            asked = chosen(lanes, without) if lanes or without else None
        except NoLane as error:
            raise CommandError(str(error)) from error
        # This process serves no requests.
        found = [each for each in findings(asked) if each.what != "places"]
        self.stdout.write("\n".join(map(str, found)))
        if not all(each.is_well for each in found):
            raise CommandError("Not ready.")

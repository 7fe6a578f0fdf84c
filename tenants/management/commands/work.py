"""Runs jobs: `manage.py work` for all lanes, `manage.py work urgent` for some."""

import asyncio
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from procrastinate.exceptions import ConnectorException

from tenants.jobs.lanes import WorkerEnded, work


class Command(BaseCommand):
    help = "Runs the jobs of these lanes, or of all, until it is asked to stop. Exits with status 1 without PostgreSQL."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("lanes", nargs="*", metavar="LANE", help=f"of: {', '.join(settings.LANES)}")

    def handle(self, *args: Any, lanes: list[str], **options: Any) -> None:
        if unknown := [name for name in lanes if name not in settings.LANES]:
            raise CommandError(f"There is no lane {unknown[0]!r}. The lanes are {', '.join(settings.LANES)}.")
        try:
            asyncio.run(work(lanes or settings.LANES))
        except (WorkerEnded, ConnectorException) as error:
            raise CommandError(str(error)) from error

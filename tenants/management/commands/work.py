"""Runs jobs: `manage.py work` for all lanes, `manage.py work urgent` or `--without urgent` for some."""

import asyncio
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from procrastinate.exceptions import ConnectorException
from psycopg_pool import PoolTimeout

from tenants.jobs.lanes import NoLane, WorkerEnded, chosen, work


class Command(BaseCommand):
    help = "Runs the jobs of these lanes, or of all, until it is asked to stop. Exits with status 1 without PostgreSQL."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("lanes", nargs="*", metavar="LANE", help=f"of: {', '.join(settings.LANES)}")
        parser.add_argument("--without", action="append", default=[], metavar="LANE", help="all lanes but this one")

    def handle(self, *args: Any, lanes: list[str], without: list[str], **options: Any) -> None:
        try:
            asyncio.run(work(chosen(lanes, without)))
        except (NoLane, WorkerEnded, ConnectorException) as error:
            raise CommandError(str(error)) from error
        except PoolTimeout as error:
            raise CommandError(f"PostgreSQL does not answer: {error}") from error

"""Makes the demo's organisations."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from profiles.demo.crowd import add_crowd
from profiles.demo.making import make_demo
from profiles.demo.people import ORGANISATIONS, Organisation


class Command(BaseCommand):
    help = "Makes two organisations with people to try things out with, unless there are organisations already."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--people", type=int, default=0, help="Fills the first organisation up to so many members.")

    def handle(self, *args: Any, **options: Any) -> None:
        if settings.PRODUCTION:
            raise CommandError("The demo's password is public: its people are not for production.")
        is_new = make_demo()
        if options["people"]:
            self.stdout.write(f"{add_crowd(options['people'])} members were added to {ORGANISATIONS[0].name}.")
        elif not is_new:
            self.stdout.write("There are organisations already; the demo is not made.")
        if not is_new:
            return
        for organisation in ORGANISATIONS:
            self.stdout.write(f"{organisation.name}: {', '.join(emails(organisation))}")
        self.stdout.write(f"Their password is {settings.DEMO_PASSWORD}")


def emails(organisation: Organisation) -> list[str]:
    return [organisation.email_of(person) for person in organisation.people]

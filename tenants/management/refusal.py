"""Commands of Django and libraries that would break Tenantry's rules: they do nothing but name the alternative."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser


class RefusedCommand(BaseCommand):
    """Takes any arguments, and always raises CommandError."""

    instead = ""
    requires_system_checks = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("arguments", nargs="*")

    def run_from_argv(self, argv: list[str]) -> None:
        # Drop the arguments: options of the original command would raise an error about options instead.
        super().run_from_argv(argv[:2])

    def handle(self, *args: Any, **options: Any) -> None:
        raise CommandError(f"Not here: {self.instead}")

"""Prints rows of one organisation as a fixture, or of the directory."""

from typing import Any

from django.core.management.base import CommandError
from django.core.management.commands import dumpdata

from tenants.context import current
from tenants.management.inside import InsideCommand, is_of_organisations


class Command(InsideCommand, dumpdata.Command):
    def outside(self, *labels: Any, **options: Any) -> Any:
        """Dumps the directory if its apps are named. Without names, Django would silently skip organisations' rows."""
        if not labels or any(is_of_organisations(label) for label in labels):
            return super().outside(*labels, **options)
        return dumpdata.Command.execute(self, *labels, **options)

    def handle(self, *labels: Any, **options: Any) -> Any:
        if current() and (elsewhere := [label for label in labels if not is_of_organisations(label)]):
            raise CommandError(f"{', '.join(elsewhere)} has its tables in public. Leave --tenant out.")
        return super().handle(*labels, **options)

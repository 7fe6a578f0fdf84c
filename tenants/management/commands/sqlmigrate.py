"""Prints a migration's SQL: for the template if it is about organisations' tables."""

from contextlib import nullcontext
from typing import Any

from django.core.management.base import CommandError
from django.core.management.commands import sqlmigrate

from tenants.context import within
from tenants.management.inside import is_of_organisations
from tenants.schemas.migrating.schemas import known_template


class Command(sqlmigrate.Command):
    def handle(self, *args: Any, **options: Any) -> Any:
        """Runs in the template for organisations' apps: in `public`, their migrations produce no SQL."""
        template = known_template()
        is_theirs = is_of_organisations(options["app_label"])
        if is_theirs and template is None:
            raise CommandError("There is no template yet: `manage.py migrate` makes it.")
        with within(template) if is_theirs and template else nullcontext():
            return super().handle(*args, **options)

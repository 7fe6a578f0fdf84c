"""Prints a migration's SQL, as it is for the template where it is about organisations' tables."""

from contextlib import nullcontext
from typing import Any

from django.core.management.base import CommandError
from django.core.management.commands import sqlmigrate

from tenants.context import within
from tenants.management.inside import is_of_organisations
from tenants.schemas.migrating.schemas import known_template


class Command(sqlmigrate.Command):
    def handle(self, *args: Any, **options: Any) -> Any:
        """In `public`, such a migration comes to nothing at all."""
        template = known_template()
        is_theirs = is_of_organisations(options["app_label"])
        if is_theirs and template is None:
            raise CommandError("There is no template yet: `manage.py migrate` makes it.")
        with within(template) if is_theirs and template else nullcontext():
            return super().handle(*args, **options)

"""Loads a fixture into one organisation, or into the directory, whole or not at all."""

from typing import Any

from django.core.management.base import CommandError
from django.core.management.commands import loaddata
from django.db import router

from tenants.context import current
from tenants.management.inside import EitherCommand


class Command(EitherCommand, loaddata.Command):
    def save_obj(self, obj: Any) -> bool:
        """As in Django, but raises CommandError for a row whose table is in another schema; Django would skip it."""
        if not router.allow_migrate_model(self.using, type(obj.object)):
            label = obj.object._meta.label
            if current():
                raise CommandError(f"{label} has its table in public. Leave --tenant out.")
            raise CommandError(f"{label} has a table in each organisation. Name one: --tenant SLUG.")
        return super().save_obj(obj)

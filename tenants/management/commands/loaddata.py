"""Loads a fixture into one organisation, or into the directory, whole or not at all."""

from typing import Any

from django.core.management.base import CommandError
from django.core.management.commands import loaddata
from django.db import router

from tenants.context import current
from tenants.management.inside import EitherCommand


class Command(EitherCommand, loaddata.Command):
    def save_obj(self, obj: Any) -> bool:
        """As in Django, which leaves out without a word what does not belong here. Raises CommandError for it."""
        if not router.allow_migrate_model(self.using, type(obj.object)):
            label = obj.object._meta.label
            if current():
                raise CommandError(f"{label} is no organisation's. Leave --tenant out.")
            raise CommandError(f"{label} is of an organisation. Name it: --tenant SLUG.")
        return super().save_obj(obj)

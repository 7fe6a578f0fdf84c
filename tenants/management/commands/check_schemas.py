"""Compares all organisations' schemas with the template, and lists differences."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import connection

from tenants.context import as_owner, public, within
from tenants.isolation import extensions
from tenants.management.lookup import tenant_named
from tenants.models import Tenant
from tenants.schemas.drift import differences
from tenants.schemas.rows import undeclared
from tenants.schemas.script import uncopied
from tenants.schemas.trial import unequal


class Command(BaseCommand):
    help = (
        "Compares tables, columns, constraints, indexes, sequences, functions, types, views, triggers, rules, rights, "
        "content types, permissions and migrations of all organisations with the template. Exit status 1 if anything "
        "differs, or if the template holds anything that no copy of it can have."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--tenant", metavar="SLUG", help="Compare only this organisation, by slug or schema name.")

    def handle(self, *args: Any, **options: Any) -> None:
        with public():
            others = Tenant.objects.standing().exclude(state=Tenant.State.TEMPLATE).order_by("pk")
            tenants = [tenant_named(options["tenant"])] if options["tenant"] else list(others)
        uncopied, missing = self.uncopied(), self.extensions()
        differing = set()
        for difference in differences(tenants):
            differing.add(difference.tenant.pk)
            self.stdout.write(f"{difference.tenant.schema_name} {difference.tenant}: {difference}")
        if missing:
            raise CommandError("Organisations lack an extension.")
        if uncopied:
            raise CommandError("The template holds objects or rows that new organisations would lack, or share.")
        if differing:
            raise CommandError(f"{len(differing)} of {len(tenants)} schemas differ from the template.")
        self.stdout.write(f"All {len(tenants)} schemas equal the template.")

    def uncopied(self) -> list[str]:
        """Print and return, as sentences, what the template holds that cannot or should not be copied."""
        with as_owner(), within(Tenant.objects.template()), connection.cursor() as cursor:
            found = [f"{thing} cannot be copied" for thing in uncopied(cursor)]
            found = found or [f"in a copy, {difference}" for difference in unequal()]
            found += [f"rows of {table} would be copied, but no app has it in `same_rows`" for table in undeclared()]
        for sentence in found:
            self.stdout.write(f"The template: {sentence}.")
        return found

    def extensions(self) -> list[str]:
        """Print and return why organisations cannot use some of EXTENSIONS."""
        problems = [extension.problem for extension in extensions.state() if extension.problem]
        for problem in problems:
            self.stdout.write(problem)
        return problems

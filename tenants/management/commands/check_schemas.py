"""Proves that all organisations' schemas equal the template, or lists what differs."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from tenants.context import public
from tenants.management.lookup import tenant_named
from tenants.models import Tenant
from tenants.schemas.drift import differences


class Command(BaseCommand):
    help = (
        "Compares tables, columns, constraints, indexes, sequences, functions, triggers, content types, permissions "
        "and migrations of all organisations with the template. Exit status 1 if anything differs."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--tenant", metavar="SLUG", help="Compare only this organisation, by slug or schema name.")

    def handle(self, *args: Any, **options: Any) -> None:
        with public():
            others = Tenant.objects.standing().exclude(state=Tenant.State.TEMPLATE).order_by("pk")
            tenants = [tenant_named(options["tenant"])] if options["tenant"] else list(others)
        differing = set()
        for difference in differences(tenants):
            differing.add(difference.tenant.pk)
            self.stdout.write(f"{difference.tenant.schema_name} {difference.tenant}: {difference}")
        if differing:
            raise CommandError(f"{len(differing)} of {len(tenants)} schemas differ from the template.")
        self.stdout.write(f"All {len(tenants)} schemas equal the template.")

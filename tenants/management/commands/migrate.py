"""Django's migrate for all schemas: public, the template, then every organisation that is behind."""

import os
from typing import Any

from django.apps import apps
from django.core.management.base import CommandError, CommandParser
from django.core.management.commands import migrate
from django.db import connection

from tenants import hosts
from tenants.context import as_owner, public, within
from tenants.database_roles import lay_ground
from tenants.fingerprint import code_fingerprint, migration_names
from tenants.management.lookup import tenant_named
from tenants.migrating.plan import applied_here
from tenants.migrating.report import Report
from tenants.migrating.run import follow, target_of
from tenants.migrating.schemas import changing, known_template, only_one, template
from tenants.models import Tenant


class Command(migrate.Command):
    help = "Brings public, the template and all organisations to the state of the code."

    def add_arguments(self, parser: CommandParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("--tenant", metavar="SLUG", help="Only this organisation, by slug or schema name.")
        parser.add_argument("--jobs", type=int, default=os.cpu_count() or 1, help="How many organisations at a time.")
        parser.add_argument("--format", choices=["text", "json"], default="text", help="Of the final report.")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["jobs"] < 1:
            raise CommandError("--jobs has to be 1 or more.")
        if options["format"] == "json":
            options["verbosity"] = 0  # The report alone, for a program to read.
        with as_owner(), only_one() as is_only, public():
            if not is_only:
                raise CommandError("Another `migrate` is at work on this database. Wait until it is through.")
            if options["plan"] or options["check_unapplied"]:
                self.tell(options)
            elif options["tenant"] and options["app_label"]:
                self.migrate_schema(tenant_named(options["tenant"]), options)
            else:
                self.migrate_public_and_template(options)
                self.migrate_tenants(options)

    def migrate_public_and_template(self, options: dict[str, Any]) -> None:
        """By Django itself. With nothing to do it costs two questions."""
        if options["app_label"] or not is_migrated():
            lay_ground()
            super().handle(**options)
        if options["app_label"] or not template().is_complete:
            self.migrate_schema(template(), {**options, "verbosity": 0})

    def migrate_schema(self, tenant: Tenant, options: dict[str, Any]) -> None:
        """Django's migrate inside one schema."""
        with changing(tenant):
            super().handle(**{**options, "skip_checks": True})

    def migrate_tenants(self, options: dict[str, Any]) -> None:
        """Have the organisations follow the template. Raises CommandError in the end if any of them failed."""
        model = template()
        tenants = [tenant_named(options["tenant"])] if options["tenant"] else list(Tenant.objects.behind(model))
        report = Report(len(tenants), self.stdout, form=options["format"], quiet=options["verbosity"] < 1)
        # In a transaction of the caller's, all is done in it: other connections would not see what it has done.
        jobs = 1 if connection.in_atomic_block else options["jobs"]
        try:
            if tenants:
                follow(tenants, target_of(model), jobs=jobs, fake=options["fake"], heard=report.hear)
        finally:
            said = report.close()
            hosts.clear()
        if report.failed:
            count = f"{len(report.failed)} of {len(tenants)}"
            raise CommandError(f"{count} organisations failed and are as they were:\n{said}")
        if options["verbosity"] >= 1:
            summary = f"{len(tenants)} organisations migrated." if tenants else "All organisations are up to date."
            self.stdout.write(f"{said}\n{summary}".strip())

    def tell(self, options: dict[str, Any]) -> None:
        """What --plan and --check say, changing nothing. Exit status 1 for --check if anything is behind."""
        model = known_template()
        if model is None:
            self.stdout.write("There is no template yet: `manage.py migrate` makes it.")
        else:
            others = Tenant.objects.exclude(pk=model.pk).exclude(fingerprint=code_fingerprint())
            self.stdout.write(f"{others.count()} organisations are behind.")
            with within(model):
                super().handle(**options)
        super().handle(**options)
        if options["check_unapplied"] and (model is None or others.exists()):
            raise SystemExit(1)


def is_migrated() -> bool:
    """Has `public` seen all migrations that this code has? Read from file names, without importing any of them."""
    known = {(app.label, name) for app in apps.get_app_configs() for name in migration_names(app.label)}
    return known <= applied_here()

"""Django's migrate for all schemas: public, the template, then every tenant that is behind."""

from typing import Any

from django.core.management.base import CommandError, CommandParser
from django.core.management.commands import migrate
from django.db import connection

from tenants import migrating
from tenants.context import public, within
from tenants.management.lookup import tenant_named
from tenants.models import Tenant


class Command(migrate.Command):
    help = "Brings public, the template and all organisations to the state of the code."

    def add_arguments(self, parser: CommandParser) -> None:
        super().add_arguments(parser)
        parser.add_argument(
            "--tenant", metavar="SLUG", help="Migrate only this organisation, by slug or schema name."
        )

    def handle(self, *args: Any, **options: Any) -> None:
        if options["plan"] or options["check_unapplied"]:
            return self.report(options)
        with public():
            super().handle(*args, **options)
        self.migrate_template(options)
        return self.migrate_tenants(self.chosen(options), options)

    def migrate_template(self, options: dict[str, Any]) -> None:
        """First of all tenants, which take its content types and permissions."""
        template = migrating.template()
        if options["app_label"] or not template.is_complete:
            with migrating.changing(template):
                self.migrate_here(options)

    def chosen(self, options: dict[str, Any]) -> list[Tenant]:
        """The tenants to migrate: the one named, or all that are behind, or all if an app was named."""
        if options["tenant"]:
            return [tenant_named(options["tenant"])]
        with public():
            tenants = Tenant.objects.exclude(state=Tenant.State.TEMPLATE)
            return list((tenants if options["app_label"] else tenants.behind()).order_by("pk"))

    def migrate_tenants(self, tenants: list[Tenant], options: dict[str, Any]) -> None:
        """Migrate each; one that fails keeps the others from nothing. Raises CommandError at the end if any
        failed.
        """
        failed: dict[str, Exception] = {}
        for number, tenant in enumerate(tenants, start=1):
            try:
                migrating.migrate_tenant(tenant, lambda: self.migrate_here(options))
            except Exception as error:  # noqa: BLE001  whatever it was: reported below, and the others go on
                failed[f"{tenant} ({tenant.schema_name})"] = error
                if not connection.is_usable():
                    connection.close()  # A lost connection would fail the others too.
            if options["verbosity"] >= 1:
                self.stdout.write(f"  {number}/{len(tenants)} {tenant.schema_name} {tenant}")
        if failed:
            lines = "\n".join(f"  {name}: {error}" for name, error in failed.items())
            raise CommandError(f"{len(failed)} of {len(tenants)} organisations were not migrated:\n{lines}")

    def migrate_here(self, options: dict[str, Any]) -> None:
        """Django's migrate in the current schema. The system checks have been run once, for public."""
        super().handle(**{**options, "verbosity": 0, "skip_checks": True})

    def report(self, options: dict[str, Any]) -> None:
        """What --plan and --check say, changing nothing. Exit status 1 for --check if anything is behind."""
        with public():
            super().handle(**options)
            known = Tenant._meta.db_table in connection.introspection.table_names()
            template = Tenant.objects.filter(state=Tenant.State.TEMPLATE).first() if known else None
        if template is None:
            self.stdout.write("There is no template yet: `manage.py migrate` makes it.")
        else:
            with within(template):
                super().handle(**options)
            with public():
                self.stdout.write(f"{Tenant.objects.behind().count()} organisations are behind.")
        with public():
            if options["check_unapplied"] and (template is None or Tenant.objects.behind().exists()):
                raise SystemExit(1)

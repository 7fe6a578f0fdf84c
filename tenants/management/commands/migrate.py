"""Django's migrate for all schemas: public, the template, then every tenant that is behind."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import CommandError
from django.core.management.commands import migrate

from tenants import migrating
from tenants.context import public, within
from tenants.models import Tenant


class Command(migrate.Command):
    help = "Brings public, the template and all organisations to the state of the code."

    def add_arguments(self, parser: ArgumentParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("--tenant", metavar="SLUG", help="Migrate only this organisation, by slug or schema name.")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["tenant"]:
            from tenants.management.lookup import tenant_named

            return self.migrate_tenants([tenant_named(options["tenant"])], options)
        with public():
            super().handle(*args, **options)
        if options["plan"] or options["check_unapplied"]:
            return self.report(options)
        template = migrating.template()
        if options["app_label"] or not template.is_complete:
            with migrating.changing(template):
                super().handle(*args, **{**options, "verbosity": 0})
        with public():
            behind = Tenant.objects.exclude(state=Tenant.State.TEMPLATE) if options["app_label"] else Tenant.objects.behind()
            tenants = list(behind.order_by("pk"))
        self.migrate_tenants(tenants, options)

    def migrate_tenants(self, tenants: list[Tenant], options: dict[str, Any]) -> None:
        """Migrate each; one that fails keeps the others from nothing. Raises CommandError at the end if any failed."""
        failed: dict[str, Exception] = {}
        for number, tenant in enumerate(tenants, start=1):
            try:
                migrating.migrate_tenant(tenant, lambda: super(Command, self).handle(**{**options, "verbosity": 0}))
            except Exception as error:  # noqa: BLE001  whatever it was: reported below, and the others go on
                failed[f"{tenant} ({tenant.schema_name})"] = error
            if options["verbosity"] >= 1:
                self.stdout.write(f"  {number}/{len(tenants)} {tenant.schema_name} {tenant}")
        if failed:
            lines = "\n".join(f"  {name}: {error}" for name, error in failed.items())
            raise CommandError(f"{len(failed)} of {len(tenants)} organisations were not migrated:\n{lines}")

    def report(self, options: dict[str, Any]) -> None:
        """What --plan and --check say of the organisations. Exit status 1 for --check if any is behind."""
        template = migrating.template()
        with within(template):
            super().handle(**options)
        with public():
            behind = Tenant.objects.behind().count()
        self.stdout.write(f"{behind} organisations are behind.")
        if behind and options["check_unapplied"]:
            raise SystemExit(1)

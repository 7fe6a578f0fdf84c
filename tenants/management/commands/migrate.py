"""Django's migrate for all schemas: public, the template, then every organisation that is behind."""

import os
from time import monotonic
from typing import Any

from django.apps import apps
from django.conf import settings
from django.core.management.base import CommandError, CommandParser
from django.core.management.commands import migrate
from django.db import connection, router
from django_tenants.routers import TenantSyncRouter

from shared.capabilities.registry import imported
from tenants.context import as_owner, current, public, within
from tenants.fingerprint import code_fingerprint, migration_names, schema_fingerprint
from tenants.isolation.database_roles import lay_ground
from tenants.isolation.extensions import lay_extensions
from tenants.management.lookup import tenant_named
from tenants.models import Tenant
from tenants.schemas.migrating.gaps import gaps
from tenants.schemas.migrating.last import store
from tenants.schemas.migrating.plan import Key, applied_here, is_pure
from tenants.schemas.migrating.refusing import (
    DIRECTORY,
    cannot_follow,
    has_directory,
    refuse_extensions,
    refuse_foreign_roles,
    refuse_impossible,
    refuse_older_directory,
    refuse_pooler,
    refuse_what_is_for_one_schema,
)
from tenants.schemas.migrating.report import Report
from tenants.schemas.migrating.run import follow
from tenants.schemas.migrating.schemas import (
    changing,
    known_template,
    only_one,
    template,
)
from tenants.schemas.migrating.target import planned, target_at, target_of
from tenants.serving import hosts
from tenants.signals import schema_migrated


class Command(migrate.Command):
    help = "Brings public, the template and all organisations to the state of the code."

    def add_arguments(self, parser: CommandParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("--tenant", metavar="SLUG", help="Only this organisation, by slug or schema name.")
        parser.add_argument("--jobs", type=int, default=os.cpu_count() or 1, help="How many organisations at a time.")
        parser.add_argument("--format", choices=["text", "json"], default="text", help="Of the final report.")

    def execute(self, *args: Any, **options: Any) -> str | None:
        """As in Django, but checks run only if there is something to do, since they import every page."""
        self.is_checked = bool(options["skip_checks"])
        return super().execute(*args, **{**options, "skip_checks": True})

    def check_once(self, options: dict[str, Any]) -> None:
        """Run the system checks once, before any change. Raises SystemCheckError."""
        if not self.is_checked:
            kwargs: dict[str, Any] = self.get_check_kwargs(options)  # type: ignore[assignment]
            self.check(**kwargs)
            self.is_checked = True

    def handle(self, *args: Any, **options: Any) -> None:
        refuse_what_is_for_one_schema(options)
        refuse_pooler()
        if options["format"] == "json":
            options["verbosity"] = 0  # Print the report alone, for a program to read.
        with as_owner(), only_one() as is_only, public():
            if not is_only:
                raise CommandError("Another `migrate` is running on this database. Wait until it has finished.")
            refuse_older_directory(options)
            tenant = tenant_named(options["tenant"]) if options["tenant"] else None
            if tenant and tenant.state == Tenant.State.TEMPLATE:
                raise CommandError("`migrate` always starts with the template: leave --tenant out.")
            if options["plan"] or options["check_unapplied"]:
                self.tell(tenant, options)
            elif tenant and options["app_label"]:
                target = target_at(tenant, template(), options["app_label"], options["migration_name"])
                self.migrate_tenants([tenant], target, options)
            elif self.migrate_public_and_template(options):
                behind = [tenant] if tenant else list(Tenant.objects.behind(template()))
                self.migrate_tenants(behind, target_of(template()) if behind else set(), options)

    def migrate_public_and_template(self, options: dict[str, Any]) -> bool:
        """Migrate with Django itself. With nothing to do it costs two queries, and one more with extensions.

        Returns False if this reversed the table of organisations to a state that this code cannot read.
        """
        if problems := lay_extensions():
            raise CommandError(" ".join(problems))
        if options["app_label"] or options["run_syncdb"] or not is_migrated():
            self.check_once(options)
            refuse_foreign_roles()
            lay_ground()
            super().handle(**options)
        if options["app_label"] == DIRECTORY and not has_directory():
            self.stdout.write("The table of organisations is an older release's now. Go on with that release's code.")
            return False
        if options["app_label"] or not template().is_complete:
            self.check_once(options)
            self.migrate_template(template(), options)
        return True

    def migrate_template(self, model: Tenant, options: dict[str, Any]) -> None:
        """Raises CommandError, and leaves the template unchanged, if the result could not be copied, if the template is
        ahead of this code, or if it has only a part of the migrations that a squashed one replaces.
        """
        with cannot_follow():
            with within(model):
                refuse_impossible()
                plan, state = planned(options["app_label"], options["migration_name"])
            if not options["fake"]:
                refuse_extensions(plan)
            at_once = options["fake"] or all(migration.atomic for migration, _ in plan)
            has_gap = any(reasons for _, reasons in gaps(plan, state))
            is_plain = all(is_pure(migration) for migration, _ in plan)
            with changing(model, at_once=at_once, has_gap=has_gap, is_plain=is_plain):
                super().handle(**{**options, "verbosity": 0, "skip_checks": True})
                if schema_fingerprint() == code_fingerprint() and not options["fake"]:
                    schema_migrated.send(Tenant)

    def migration_progress_callback(self, action: str, migration: Any = None, fake: bool = False) -> None:
        """As in Django, with two additions.

        In public, migrations of organisations' apps are recorded and do nothing. Without this, Django would build all
        their models, a third of the time of a first `migrate`, only to ask the router about each.
        Deferred constraints are checked where Django would commit: a table with pending ones cannot be altered.
        """
        super().migration_progress_callback(action, migration, fake)
        if action == "apply_start" and current() is None and not router.allow_migrate("default", migration.app_label):
            migration.operations = []
        if action in ("apply_success", "unapply_success") and connection.in_atomic_block:
            connection.check_constraints()

    def migrate_tenants(self, tenants: list[Tenant], target: set[Key], options: dict[str, Any]) -> None:
        """Migrate these organisations. Raises CommandError in the end if any of them failed."""
        report = Report(len(tenants), self.stdout, form=options["format"], quiet=options["verbosity"] < 1)
        began = monotonic()
        # Inside the caller's transaction, use this connection alone: others would not see its changes.
        jobs = 1 if connection.in_atomic_block else options["jobs"]
        if tenants:
            self.check_once(options)
        try:
            follow(tenants, target, jobs=jobs, fake=options["fake"], heard=report.hear)
        finally:
            said = report.close()
            hosts.clear()
            if report.outcomes:
                store(report.outcomes, monotonic() - began)
        if report.failed:
            count = f"{len(report.failed)} of {len(tenants)}"
            raise CommandError(f"{count} organisations failed. The next `migrate` tries them again:\n{said}")
        if options["verbosity"] >= 1:
            summary = f"{len(tenants)} organisations migrated." if tenants else "All organisations are up to date."
            self.stdout.write(f"{said}\n{summary}".strip())

    def tell(self, tenant: Tenant | None, options: dict[str, Any]) -> None:
        """The output of --plan and --check, which change nothing. --check exits with status 1 if anything is behind."""
        self.check_once(options)
        model = known_template()
        schemas: list[Tenant | None] = [model, None] if model else [None]
        behind = 0
        if model and tenant and options["app_label"]:
            schemas = [tenant]
        else:
            behind = self.count_behind(model, tenant, options)
        for schema in schemas:
            with within(schema) if schema else public():
                super().handle(**options)
        if options["plan"]:
            if model and model in schemas:
                self.refuse_plan(model, options)
            self.tell_gaps(schemas, options)
        if options["check_unapplied"] and (model is None or behind):
            raise SystemExit(1)

    def refuse_plan(self, model: Tenant, options: dict[str, Any]) -> None:
        """Refuse --plan where `migrate` itself would refuse to begin: there is no plan that it would follow."""
        if options["app_label"] or not model.is_complete:
            with cannot_follow(), within(model):
                refuse_impossible()

    def tell_gaps(self, schemas: list[Tenant | None], options: dict[str, Any]) -> None:
        """Say whether running code can continue during `migrate`, and if not, why, and how to avoid that."""
        from tenants.schemas.migrating.traps import traps  # Here: with nothing to do, it is not loaded.

        found: list[str] = []
        notes: list[str] = []
        for schema in schemas:
            apps = settings.TENANT_APPS if schema else settings.SHARED_APPS
            with within(schema) if schema else public():
                plan, state = planned(options["app_label"], options["migration_name"])
            for migration, reasons in gaps(plan, state, apps):
                found += [f"  {migration}: {reason}" for reason in reasons]
                if TenantSyncRouter().app_in_list(migration.app_label, apps):
                    notes += [f"  {trap}" for trap in traps(migration)]
                    notes += [f"  {note}" for notes_of in imported("migration_notes") for note in notes_of(migration)]
        self.stdout.write("\n".join([GAP, *found]) if found else NO_GAP)
        if notes:
            self.stdout.write("\n".join(["Mind that", *notes]))

    def count_behind(self, model: Tenant | None, tenant: Tenant | None, options: dict[str, Any]) -> int:
        """Print and return how many organisations are behind."""
        if model is None:
            self.stdout.write("There is no template yet: `manage.py migrate` makes it.")
            return 0
        asked = Tenant.objects.filter(pk=tenant.pk) if tenant else Tenant.objects.standing().exclude(pk=model.pk)
        # With an app, organisations follow the template to any state. Before the directory has all its columns, only
        # schemas at exactly the state of this code count as up to date.
        if options["app_label"] or not is_migrated():
            there = asked.filter(fingerprint=model.fingerprint if options["app_label"] else code_fingerprint())
        else:
            there = asked.complete()
        behind = asked.exclude(pk__in=there.values("pk")).count()
        self.stdout.write(f"{behind} organisations are behind.")
        return behind


NO_GAP = "No gap: running code continues to serve every organisation during and after `migrate`."
GAP = "A gap: each organisation is answered 503 from its own migration until the new code runs. Because of"


def is_migrated() -> bool:
    """Has `public` seen all migrations of this code? Reads file names, without importing any migration."""
    known = {(app.label, name) for app in apps.get_app_configs() for name in migration_names(app.label)}
    return known <= applied_here()

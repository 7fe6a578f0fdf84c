"""Commands of Django and of libraries that work on an organisation's tables: in the one that --tenant names."""

from collections.abc import Iterable
from typing import Any

from django.apps import apps
from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser, OutputWrapper
from django_tenants.routers import TenantSyncRouter

from tenants.context import current, public, within
from tenants.management.lookup import tenant_named
from tenants.models import Tenant

WORKING = (Tenant.State.ACTIVE, Tenant.State.SUSPENDED)


def organisation_named(name: str) -> Tenant:
    """An organisation whose rows may be worked on, suspended or not. Raises CommandError, in words, for all others."""
    tenant = tenant_named(name)
    if tenant.state not in WORKING:
        raise CommandError(
            f"{name} is no organisation, but a {tenant.state}: what is written there would be in organisations to come."
        )
    if not tenant.is_complete:
        raise CommandError(f"{name} is not at the state of this code. Run `manage.py migrate --tenant {name}` first.")
    return tenant


def organisations() -> list[Tenant]:
    """All that have people: neither spares nor the template, nor what is removed. Those behind wait for `migrate`."""
    with public():
        return [each for each in Tenant.objects.filter(state__in=WORKING).order_by("slug") if each.is_complete]


def in_each(tenants: Iterable[Tenant], work: Any, out: Any) -> None:
    """Work in one organisation after the other; raises CommandError in the end if any failed, and names it."""
    failed: list[str] = []
    for tenant in tenants:
        out.write(f"{tenant.slug}:")
        try:
            with within(tenant):
                work()
        except Exception as error:  # noqa: BLE001  whatever it was: reported below, and the others go on
            failed.append(f"  {tenant.slug}: {error}")
    if failed:
        raise CommandError("\n".join(["It failed in these organisations:", *failed]))


def is_of_organisations(label: str) -> bool:
    """Does an app, or a model as "app.Model", live in the organisations' schemas? Raises CommandError if it is none."""
    name = label.partition(".")[0]
    if name not in apps.app_configs:
        raise CommandError(f"There is no app {name!r}.")
    return bool(TenantSyncRouter().app_in_list(name, settings.TENANT_APPS))


class InsideCommand(BaseCommand):
    """Mixed in before a command: it runs in the organisation that is current, or that --tenant names."""

    def add_arguments(self, parser: CommandParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("--tenant", metavar="SLUG", help="The organisation to work in, by slug or schema name.")

    def execute(self, *args: Any, **options: Any) -> Any:
        name = options.pop("tenant", None)
        if name:
            with within(organisation_named(name)):
                return super().execute(*args, **options)
        return super().execute(*args, **options) if current() else self.outside(*args, **options)

    def outside(self, *args: Any, **options: Any) -> Any:
        raise CommandError("Rows of which organisation? Name it: --tenant SLUG. `manage.py tenants` lists them all.")


class EverywhereCommand(InsideCommand):
    """Without --tenant it runs in every organisation."""

    def outside(self, *args: Any, **options: Any) -> Any:
        out = OutputWrapper(options["stdout"]) if options.get("stdout") else self.stdout  # As in execute().
        in_each(organisations(), lambda: super(InsideCommand, self).execute(*args, **options), out)


class EitherCommand(InsideCommand):
    """Without --tenant it is about `public`: the directory and the queue."""

    def outside(self, *args: Any, **options: Any) -> Any:
        return super(InsideCommand, self).execute(*args, **options)

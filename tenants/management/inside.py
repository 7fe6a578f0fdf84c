"""Commands of Django and libraries on an organisation's tables: they run in the organisation that --tenant names."""

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
    """An active or suspended organisation, by slug or schema name. Raises CommandError, with the reason, for others."""
    tenant = tenant_named(name)
    if tenant.state not in WORKING:
        raise CommandError(
            f"{name} is not an organisation, but a {tenant.state}: rows written there would be in new organisations."
        )
    if not tenant.is_complete:
        raise CommandError(f"{name} is not at the state of this code. Run `manage.py migrate --tenant {name}` first.")
    return tenant


def organisations() -> list[Tenant]:
    """All active and suspended organisations, except those that are behind and wait for `migrate`."""
    with public():
        return [each for each in Tenant.objects.filter(state__in=WORKING).order_by("slug") if each.is_complete]


def in_each(tenants: Iterable[Tenant], work: Any, out: Any) -> None:
    """Do the work in each organisation, also after a failure. In the end raises CommandError that names all failed."""
    failed: list[str] = []
    for tenant in tenants:
        out.write(f"{tenant.slug}:")
        try:
            with within(tenant):
                work()
        except Exception as error:  # noqa: BLE001  reported below; the other organisations go on
            failed.append(f"  {tenant.slug}: {error}")
    if failed:
        raise CommandError("\n".join(["It failed in these organisations:", *failed]))


def is_of_organisations(label: str) -> bool:
    """Is an app, or a model as "app.Model", in organisations' schemas? Raises CommandError for an unknown app."""
    name = label.partition(".")[0]
    if name not in apps.app_configs:
        raise CommandError(f"There is no app {name!r}.")
    return bool(TenantSyncRouter().app_in_list(name, settings.TENANT_APPS))


class InsideCommand(BaseCommand):
    """A mixin for commands that run in the organisation that --tenant names, or in the current one."""

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
        raise CommandError("Name the organisation: --tenant SLUG. `manage.py tenants` lists all organisations.")


class EverywhereCommand(InsideCommand):
    """Without --tenant the command runs in every organisation."""

    def outside(self, *args: Any, **options: Any) -> Any:
        out = OutputWrapper(options["stdout"]) if options.get("stdout") else self.stdout  # As in execute().
        in_each(organisations(), lambda: super(InsideCommand, self).execute(*args, **options), out)


class EitherCommand(InsideCommand):
    """Without --tenant the command runs in `public`, on the directory and the queue."""

    def outside(self, *args: Any, **options: Any) -> Any:
        return super(InsideCommand, self).execute(*args, **options)

"""Gives every user without a profile one."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from profiles.models import Profile
from tenants.context import public, within
from tenants.management.inside import organisation_named
from tenants.models import Tenant

BAR = 30  # Characters.


class Command(BaseCommand):
    help = "Gives every user without a profile one, and the permission to change it, in all organisations."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--tenant", metavar="SLUG", help="Only in this one, by slug or schema name.")

    def handle(self, *args: Any, **options: Any) -> None:
        tenants = [organisation_named(options["tenant"])] if options["tenant"] else active_tenants()
        made: dict[Tenant, int] = {}
        failed: dict[Tenant, Exception] = {}
        for number, tenant in enumerate(tenants, start=1):
            try:
                with within(tenant):
                    made[tenant] = Profile.objects.restore_all()
            except Exception as error:  # noqa: BLE001  whatever it was: reported below, and the others go on
                failed[tenant] = error
            self.show(f"{tenant.slug}: {made.get(tenant, 'failed')}", number, len(tenants))
        self.stdout.write(f"Profiles made: {sum(made.values())}, in {len(made)} of {len(tenants)} organisations.")
        if failed:
            raise CommandError("These failed, and can be tried again by --tenant:\n" + table(failed))

    def show(self, line: str, number: int, total: int) -> None:
        """A bar that stays in its place on a terminal; plain lines where they are kept, as in a log."""
        if not self.stdout.isatty():
            self.stdout.write(line)
            return
        bar = "#" * (BAR * number // total)
        end = "\n" if number == total else ""
        self.stdout.write(f"\r[{bar:<{BAR}}] {number}/{total} organisations", ending=end)
        self.stdout.flush()


def active_tenants() -> list[Tenant]:
    with public():
        return list(Tenant.objects.active().order_by("slug"))


def table(failed: dict[Tenant, Exception]) -> str:
    width = max(len(str(tenant.slug)) for tenant in failed)
    return "\n".join(f"  {tenant.slug:<{width}}  {tenant.schema_name}  {error}" for tenant, error in failed.items())

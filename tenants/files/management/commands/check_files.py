"""Compares the files of organisations with what is recorded of them."""

from collections import Counter
from collections.abc import Iterator
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from tenants.context import public, within
from tenants.files.checking import Finding, check
from tenants.files.recording import record_unknown
from tenants.models import Tenant

KINDS = ("missing", "surplus", "damaged")


class Command(BaseCommand):
    help = (
        "Reads all files of active and suspended organisations and says which are missing, surplus or damaged. It "
        "changes no file. Status 1 if anything is wrong."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("slugs", nargs="*", metavar="SLUG", help="Only these organisations.")
        parser.add_argument("--after", metavar="SLUG", help="Continue with the organisations after this one.")
        parser.add_argument("--no-reading", action="store_true", help="Compare only names and sizes, which is faster.")
        parser.add_argument(
            "--record", action="store_true", help="First record files that nothing is known of: they count as whole."
        )

    def handle(self, *, slugs: list[str], after: str | None, **options: Any) -> None:
        found: Counter[str] = Counter()
        last = after
        try:
            for tenant in chosen(slugs, after):
                found += self.compare(tenant, reads=not options["no_reading"], records=options["record"])
                last = tenant.slug
        except (OSError, KeyboardInterrupt) as error:
            again = f" Continue with --after {last}." if last else ""
            raise CommandError(f"Stopped: {str(error) or 'interrupted.'}{again}") from error
        summary = f"{found['files']} files of {found['organisations']} organisations: "
        summary += ", ".join(f"{found[kind]} {kind}" for kind in KINDS)
        if any(found[kind] for kind in KINDS) or found["behind"]:
            raise CommandError(f"{summary}.")
        self.stdout.write(f"{summary}.")

    def compare(self, tenant: Tenant, *, reads: bool, records: bool) -> Counter[str]:
        """Write a line for the organisation, after one for each finding, so that the last line says how far it got."""
        if not tenant.is_complete:
            self.stdout.write(f"{tenant.slug}: behind. Run `manage.py migrate --tenant {tenant.slug}` first.")
            return Counter(behind=1)
        found: Counter[str] = Counter(organisations=1)
        with within(tenant):
            if records and (number := record_unknown()):
                self.stdout.write(f"{tenant.slug}: {number} recorded")
            for each in check(reads=reads):
                found["files"] += 1
                if isinstance(each, Finding):
                    found[each.kind] += 1
                    self.stdout.write(f"{tenant.slug}: {each.kind} {each.name}")
        self.stdout.write(f"{tenant.slug}: {found['files']} files")
        return found


def chosen(slugs: list[str], after: str | None) -> Iterator[Tenant]:
    """Raises CommandError for a slug that no organisation has."""
    with public():
        tenants = Tenant.objects.filter(state__in=[Tenant.State.ACTIVE, Tenant.State.SUSPENDED]).order_by("pk")
        known = {tenant.slug: tenant for tenant in tenants}
    for slug in [*slugs, *([after] if after else [])]:
        if slug not in known:
            raise CommandError(f"There is no organisation {slug}.")
    for slug, tenant in known.items():
        if (not slugs or slug in slugs) and (not after or tenant.pk > known[after].pk):
            yield tenant

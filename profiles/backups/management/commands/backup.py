"""Backs up organisations, each by itself."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.template.defaultfilters import filesizeformat

from profiles.backups.dumping import check_program
from profiles.backups.errors import CannotBackUp
from profiles.backups.scheduling import organisations
from profiles.backups.taking import back_up
from tenants.context import public
from tenants.management.lookup import tenant_named


class Command(BaseCommand):
    help = (
        "Backs up organisations, one after the other: rows and files, encrypted with a key of each organisation's. "
        "One that fails does not keep the others from it."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("organisations", nargs="*", metavar="SLUG", help="Slugs or schema names. Without: all.")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            check_program()
        except CannotBackUp as error:
            raise CommandError(str(error)) from error
        with public():
            tenants = [tenant_named(name) for name in options["organisations"]] or list(organisations().order_by("pk"))
        failed = 0
        for tenant in tenants:
            try:
                backup = back_up(tenant)
            except CannotBackUp as error:
                failed += 1
                self.stderr.write(str(error))
                continue
            what = f"{filesizeformat(backup.bytes)} and {backup.files} files"
            self.stdout.write(f"{tenant.slug} is backed up as of {backup.moment:%Y-%m-%dT%H:%M:%S}: {what}.")
        if failed:
            raise CommandError(f"{failed} of {len(tenants)} are not backed up.")

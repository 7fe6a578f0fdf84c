"""Removes an organisation with all its data."""

from typing import Any

from django.core.management.base import CommandError, CommandParser
from django.template.defaultfilters import filesizeformat

from tenants.management.organisation import OrganisationCommand
from tenants.models import Tenant
from tenants.organisations.remove import inventory, remove


class Command(OrganisationCommand):
    help = (
        "Removes an organisation: its people, tables, files, database role, jobs and backups. Only a backup of the "
        "whole server can restore it. If the command is interrupted, the organisation is already out of service; run "
        "it again to finish."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("--no-input", action="store_false", dest="interactive", help="Do not ask.")
        parser.add_argument(
            "--release-address",
            action="store_true",
            help="Make its address available to others. Otherwise it stays taken, since links in old mails lead there.",
        )

    def do(self, tenant: Tenant, options: dict[str, Any]) -> str:
        if tenant.slug is None:
            raise CommandError(f"{tenant.schema_name} is not an organisation, but a {tenant.state}.")
        self.tell(tenant)
        if options["interactive"]:
            confirm(tenant.slug)
        remove(tenant, release_address=options["release_address"])
        end = "is available to others" if options["release_address"] else "stays taken"
        return f"{tenant.slug} is removed. Its address {end}."

    def tell(self, tenant: Tenant) -> None:
        """Print what will be removed."""
        has = inventory(tenant)
        self.stdout.write(
            f"{tenant} ({tenant.slug}, {tenant.state}) will be removed for good:\n"
            f"  schema   {tenant.schema_name}\n"
            f"  members  {has.members}\n"
            f"  tables   {has.tables}, {filesizeformat(has.table_bytes)}\n"
            f"  files    {has.files}, {filesizeformat(has.file_bytes)}"
        )


def confirm(slug: str) -> None:
    """Ask the operator to type the slug. Raises CommandError for any other answer."""
    try:
        typed = input(f"Type {slug} to remove it: ")
    except EOFError:
        typed = ""
    if typed.strip() != slug:
        raise CommandError("That is not its slug. Nothing was removed.")

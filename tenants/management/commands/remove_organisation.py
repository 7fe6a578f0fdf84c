"""Removes an organisation with all that it has."""

from typing import Any

from django.core.management.base import CommandError, CommandParser
from django.template.defaultfilters import filesizeformat

from tenants.management.organisation import OrganisationCommand
from tenants.models import Tenant
from tenants.organisations.remove import inventory, remove


class Command(OrganisationCommand):
    help = (
        "Removes an organisation: its people, tables, files, database role and jobs. Nothing brings it back but a "
        "backup. Whatever ends this command, nobody gets there afterwards, and the same again finishes it."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("--no-input", action="store_false", dest="interactive", help="Do not ask.")
        parser.add_argument(
            "--release-address",
            action="store_true",
            help="Let others have its address. Otherwise it stays taken: links in old mails lead there.",
        )

    def do(self, tenant: Tenant, options: dict[str, Any]) -> str:
        if tenant.slug is None:
            raise CommandError(f"{tenant.schema_name} is no organisation, but a {tenant.state}.")
        self.tell(tenant)
        if options["interactive"]:
            confirm(tenant.slug)
        remove(tenant, release_address=options["release_address"])
        end = "can be had by others" if options["release_address"] else "stays taken"
        return f"{tenant.slug} is removed. Its address {end}."

    def tell(self, tenant: Tenant) -> None:
        """What would go."""
        has = inventory(tenant)
        self.stdout.write(
            f"{tenant} ({tenant.slug}, {tenant.state}) goes for good:\n"
            f"  schema   {tenant.schema_name}\n"
            f"  members  {has.members}\n"
            f"  tables   {has.tables}, {filesizeformat(has.table_bytes)}\n"
            f"  files    {has.files}, {filesizeformat(has.file_bytes)}"
        )


def confirm(slug: str) -> None:
    """Have the operator type the slug. Raises CommandError if it is anything else."""
    try:
        typed = input(f"Type {slug} to remove it: ")
    except EOFError:
        typed = ""
    if typed.strip() != slug:
        raise CommandError("That is not its slug: nothing is removed.")

"""The base class of commands that change an organisation's state."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from tenants.errors import WrongState
from tenants.management.lookup import row_named
from tenants.models import Tenant


class OrganisationCommand(BaseCommand):
    """Acts on the named organisation, or says why its state does not allow the action."""

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("organisation", metavar="SLUG", help="Its slug or schema name.")

    def handle(self, *args: Any, **options: Any) -> str:
        try:
            return self.do(row_named(options["organisation"]), options)
        except WrongState as error:
            raise CommandError(str(error)) from error

    def do(self, tenant: Tenant, options: dict[str, Any]) -> str:
        """Returns the message to print when it is done. May raise WrongState or CommandError."""
        raise NotImplementedError

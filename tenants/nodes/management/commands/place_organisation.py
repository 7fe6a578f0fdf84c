"""Places an organisation on a node of the cluster, or takes it back."""

from typing import Any

from django.core.management.base import CommandError, CommandParser

from tenants.management.organisation import OrganisationCommand
from tenants.models import Tenant
from tenants.nodes.engine import node_named, require_cluster
from tenants.nodes.errors import NotPlaced
from tenants.nodes.placing import bring, refuse


class Command(OrganisationCommand):
    help = (
        "Places an organisation's tables on another node of a Citus cluster, while it is in use; or takes them back. "
        "If the command is interrupted, run it again to finish."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        super().add_arguments(parser)
        where = parser.add_mutually_exclusive_group(required=True)
        where.add_argument("--node", help="Its name in `manage.py nodes`, or its address with the port.")
        where.add_argument("--home", action="store_true", help="Back among the organisations of the coordinator.")
        parser.add_argument("--check", action="store_true", help="Only say what would not work.")

    def do(self, tenant: Tenant, options: dict[str, Any]) -> str:
        try:
            require_cluster()
            node = node_named(options["node"]) if options["node"] else None
            if options["check"]:
                refuse(tenant, node)
                return "Nothing is in the way."
            bring(tenant, node, self.tell)
        except NotPlaced as error:
            raise CommandError(str(error)) from error
        if node is None:
            return f"{tenant.slug} is on the coordinator, as an ordinary schema."
        return f"{tenant.slug} is on {node.name} ({node.address})."

    def tell(self, what: str) -> None:
        self.stdout.write(f"  {what} …")
        self.stdout.flush()

"""Places an organisation on a node of the cluster, or takes it back."""

from typing import Any

from django.core.management.base import CommandError, CommandParser

from tenants.management.organisation import OrganisationCommand
from tenants.models import Tenant
from tenants.nodes.converting import Unequal
from tenants.nodes.engine import NoCluster, Node, node_named, require_cluster
from tenants.nodes.placing import bring_home, place
from tenants.nodes.preflight import problems


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
            return self.bring(tenant, node_named(options["node"]) if options["node"] else None, options)
        except (NoCluster, Unequal) as error:
            raise CommandError(str(error)) from error

    def bring(self, tenant: Tenant, node: Node | None, options: dict[str, Any]) -> str:
        if found := problems(tenant, node):
            raise CommandError("\n".join([f"{tenant.slug or tenant.schema_name} cannot be placed:", *found]))
        if options["check"]:
            return "Nothing is in the way."
        if node is None:
            bring_home(tenant, self.tell)
            return f"{tenant.slug} is on the coordinator, as an ordinary schema."
        place(tenant, node, self.tell)
        return f"{tenant.slug} is on {node.name} ({node.address})."

    def tell(self, what: str) -> None:
        self.stdout.write(f"  {what} …")
        self.stdout.flush()

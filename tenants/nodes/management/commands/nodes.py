"""Lists the nodes of the cluster."""

import time
from collections import Counter
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.template.defaultfilters import filesizeformat

from tenants.context import public
from tenants.models import Tenant
from tenants.nodes.advice import advice, figures
from tenants.nodes.engine import Node, facts, nodes, require_cluster
from tenants.nodes.errors import NoCluster
from tenants.nodes.placed import places

LOAD_SECONDS = 1


class Command(BaseCommand):
    help = (
        "Lists the nodes of a Citus cluster: address, organisations, bytes, transactions a second and version; and the "
        "organisations that are worth placing on one."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--check", action="store_true", help="Exit status 1 if a node does not answer, or if versions differ."
        )
        parser.add_argument("--organisations", action="store_true", help="Also list which are placed, and where.")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            require_cluster()
        except NoCluster as error:
            raise CommandError(str(error)) from error
        said = facts()
        if not options["check"]:
            time.sleep(LOAD_SECONDS)
            self.list_nodes(said, facts())
            self.list_organisations(everything=options["organisations"])
        if problems := wrong(said):
            raise CommandError("\n".join(problems))

    def list_nodes(self, before: dict[str, Any], after: dict[str, Any]) -> None:
        count = Counter(places().values())
        for node in nodes():
            self.stdout.write(line(node, count[node.name], before[node.name], after[node.name]))

    def list_organisations(self, *, everything: bool) -> None:
        if everything:
            where = places()
            with public():
                placed = Tenant.objects.filter(schema_name__in=where).order_by("slug")
                for tenant in placed:
                    self.stdout.write(f"  {tenant.slug or '-':<24} {tenant.schema_name}  {where[tenant.schema_name]}")
        for each in advice(figures()):
            self.stdout.write(f"Worth placing: {each.slug}, with {each.reason}.")


def line(node: Node, organisations: int, before: dict[str, Any], after: dict[str, Any]) -> str:
    start = f"{node.name:<4} {node.address:<24} {'coordinator' if node.is_coordinator else 'worker':<12}"
    if "error" in after or "error" in before:
        return f"{start} does not answer"
    seconds = max(after["at"] - before["at"], 0.001)
    load = (after["transactions"] - before["transactions"]) / seconds
    has = f"{organisations} placed  {filesizeformat(after['bytes'])}  {load:.0f} transactions/s"
    full = "" if node.takes_organisations else "  takes none"
    return f"{start} {has}  {after['connections']} connections  {after['version']}, Citus {after['citus']}{full}"


def wrong(said: dict[str, Any]) -> list[str]:
    """Sentences for `--check`."""
    silent = [f"{name} does not answer: {each['error']}" for name, each in sorted(said.items()) if "error" in each]
    versions = {f"{each['version']} with Citus {each['citus']}" for each in said.values() if "error" not in each}
    return silent + (
        [f"The nodes have different versions: {', '.join(sorted(versions))}."] if len(versions) > 1 else []
    )

"""Several servers behind one address, by Citus: `manage.py nodes`, `manage.py place_organisation`."""

from typing import Any

from django.core.exceptions import ImproperlyConfigured
from django.utils.translation import gettext_lazy as _

from shared.capabilities.base import AuditField, Capability


class NodesConfig(Capability):
    name = "tenants.nodes"
    label = "nodes"
    lives_in = "public"
    expected_differences = ("tenants.nodes.placed.is_of_a_node",)
    around_jobs = ("tenants.nodes.lost.waiting",)
    sizes_elsewhere = ("tenants.nodes.sizes.of_placed",)
    on_switch = ("tenants.nodes.connections.bounded",)
    migration_notes = ("tenants.nodes.following.cannot_follow",)
    steps_apart = ("tenants.nodes.placed.is_placed",)
    around_schema_changes = ("tenants.nodes.placed.propagating",)
    operator_actions = ("tenants.nodes.operating.PLACE", "tenants.nodes.operating.BRING_BACK")
    operator_columns = ("tenants.nodes.operating.SERVER",)
    audit_fields = {"console.placed.node": AuditField(label=_("Server"))}
    audit_kinds = {
        "console.place": _("Place on a node requested"),
        "console.bring_back": _("Return to the coordinator requested"),
        "console.placed": _("Moved to another server"),
        "console.not_placed": _("Not moved to another server"),
    }

    @classmethod
    def settings(cls, env: Any) -> dict[str, Any]:
        kept = env.int("KEPT_FOR_NODES", 4)
        if kept < 1:
            raise ImproperlyConfigured(f"KEPT_FOR_NODES is {kept}. It has to be 1 or more.")
        return {
            # Is the server in DATABASE_URL the coordinator of a Citus cluster?
            "CITUS": env.bool("CITUS", False),
            # How many connections to nodes a connection to the coordinator keeps, each for one placed organisation.
            "KEPT_FOR_NODES": kept,
        }

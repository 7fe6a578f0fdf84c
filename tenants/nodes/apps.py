"""Several servers behind one address, by Citus: `manage.py nodes`, `manage.py place_organisation`."""

from typing import Any

from shared.capabilities.base import Capability


class NodesConfig(Capability):
    name = "tenants.nodes"
    label = "nodes"
    lives_in = "public"
    expected_differences = ("tenants.nodes.placed.is_of_a_node",)
    steps_apart = ("tenants.nodes.placed.is_placed",)
    around_schema_changes = ("tenants.nodes.placed.propagating",)

    @classmethod
    def settings(cls, env: Any) -> dict[str, Any]:
        # Is the server in DATABASE_URL the coordinator of a Citus cluster?
        return {"CITUS": env.bool("CITUS", False)}

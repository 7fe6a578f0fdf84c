"""The console offers no node where there is one server. tests/nodes has what it does on a cluster."""

import pytest

from profiles.testing import needs
from tests.profiles.operators.console import REASON, page

pytestmark = needs("tenants.nodes")


@pytest.mark.parametrize("citus", [False, True])
def test_no_node_is_offered_and_none_is_taken(operator, acme, settings, citus):
    """Neither without the setting nor without the extension."""
    from tenants.nodes.tasks import latest_jobs

    settings.CITUS = citus
    assert "on a node" not in operator.get(page(acme)).text
    assert ("Server</th>" in operator.get("/console/organisations/").text) is citus
    for action in ("place", "bring_back"):
        answer = operator.post(page(acme, action), {"reason": REASON, "node": "n1"}, follow=True)
        assert "This is not possible for the organisation as it is now." in answer.text
    assert latest_jobs([acme.schema_name]) == {}

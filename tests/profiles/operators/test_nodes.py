"""The console offers no node where there is one server. tests/nodes has what it does on a cluster."""

import pytest

from profiles.testing import needs
from tenants.organisations.operating import note
from tests.profiles.operators.console import REASON, entries, page

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


def test_where_an_organisation_was_moved_is_in_the_operators_log_in_words(operator, acme, staff):
    note("console.placed", acme, node=("coordinator", "n1"))
    note("console.not_placed", acme, reason=("", "n2 does not answer."))
    assert [each.kind for each in entries(staff)[:2]] == ["console.not_placed", "console.placed"]
    log = operator.get("/settings/activity/").text
    for words in ("Moved to another server", "Server", "n1", "Not moved to another server", "n2 does not answer."):
        assert words in log

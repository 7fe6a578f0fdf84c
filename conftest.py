"""Where pytest starts, for the tests of Tenantry in tests/ and for those of a product's own apps in <app>/tests/."""

import os

# The second is for runs of `make test-nodes`, on a cluster that stands already.
pytest_plugins = ["profiles.testing.plugin", *(["tests.nodes.plugin"] if "NODES_PORTS" in os.environ else [])]

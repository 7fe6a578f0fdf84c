"""`make test-nodes`: starts a cluster, and runs suites on it, with one organisation placed and then with the other.

`ARGS="acme cluster"` runs some of its parts (PARTS, SLOW_PARTS), `ARGS=tests/nodes/test_lost.py` what pytest is given.
"""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Sequence

from tests.nodes.cluster import Cluster, engine, running

# What the product does with schemas and connections, with an organisation on a node. tests/nodes has the rest.
SUITES = (
    "tests/tenants/backend",
    "tests/tenants/isolation",
    "tests/tenants/organisations",
    "tests/tenants/schemas",
    "tests/tenants/test_context.py",
    "tests/tenants/test_rollback.py",
    "tests/tenants/test_tasks.py",
    "tests/receivers",
)
# What its pages do with them; these tests are about acme.
PAGES = ("tests/profiles/people", "tests/profiles/members")
# Which organisation is on a node, and what is run then.
QUICK, SLOW = ("-m", "not browser and not slow"), ("-m", "slow and not browser")
PARTS = {
    "globex": ("globex", (*QUICK, *SUITES)),
    "acme": ("acme", (*QUICK, *SUITES, *PAGES)),
    "cluster": ("globex", ("-m", "not browser", "tests/nodes")),
}
# What `make test-slow` has of these suites.
SLOW_PARTS = {f"slow-{name}": (name, (*SLOW, *SUITES)) for name in ("globex", "acme")}
WITHOUT = (
    "CITUS_HOME names no PostgreSQL with Citus, so nothing was run on several servers. Install Citus from its own "
    "packages (docs/nodes.md), and say CITUS_HOME=/usr/lib/postgresql/18 make test-nodes."
)


def main(arguments: Sequence[str]) -> int:
    if engine() is None:
        sys.stdout.write(f"{WITHOUT}\n")
        return 0
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))  # So that a cluster of a run that is ended is stopped.
    with running() as cluster:
        known = PARTS | SLOW_PARTS
        if set(arguments) <= set(known):
            return max([suite(cluster, *known[name]) for name in arguments or PARTS])
        return suite(cluster, os.environ.get("NODES_PLACED", "globex"), arguments)


def suite(cluster: Cluster, placed: str, arguments: Sequence[str]) -> int:
    began = time.monotonic()
    sys.stdout.write(f"With {placed} on a node:\n")
    sys.stdout.flush()
    environment = os.environ | cluster.environment() | {"NODES_PLACED": placed}
    command = [sys.executable, "-m", "pytest", "-q", *arguments]
    done = subprocess.run(command, env=environment, check=False)
    sys.stdout.write(f"That took {time.monotonic() - began:.0f} s.\n")
    return done.returncode


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

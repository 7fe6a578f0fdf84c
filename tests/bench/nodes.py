"""`python -m tests.bench nodes`: organisations on a cluster, beside plain PostgreSQL from the same folder."""

import json
import os
import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from tests.bench.machine import processor
from tests.bench.processes import BASE_DIR, BenchFailed, tail
from tests.nodes.__main__ import WITHOUT
from tests.nodes.cluster import LOGIN, Cluster, Node, engine, free_port, running

ORGANISATIONS, QUICK_ORGANISATIONS = 200, 20
PLACED = 10
# Megabytes that the moved organisation has.
BIG, QUICK_BIG = 229, 20


def main(*, quick: bool) -> int:
    programs = engine()
    if programs is None:
        sys.stdout.write(f"{WITHOUT}\n")
        return 0
    with running() as cluster, TemporaryDirectory(prefix="tenantry-bench-") as folder:
        plain = Node(programs, cluster.folder, "plain", free_port())
        plain.make()
        plain.start(shared_preload_libraries="")
        try:
            tell(measure(cluster, plain, Path(folder), quick=quick))
        finally:
            plain.stop()
    return 0


def measure(cluster: Cluster, plain: Node, folder: Path, *, quick: bool) -> dict[str, Any]:
    plain.make_database(LOGIN)
    cluster.make_database(LOGIN)
    size = {"organisations": QUICK_ORGANISATIONS if quick else ORGANISATIONS, "megabytes": QUICK_BIG if quick else BIG}
    of_plain = {"CITUS": "off", "DATABASE_URL": plain.url(LOGIN), "BENCH_PLACED": "0"}
    both = {
        name: inside(folder, environment | {key.upper(): str(value) for key, value in size.items()})
        for name, environment in (
            ("plain", of_plain),
            ("nodes", cluster.environment() | {"BENCH_PLACED": str(min(PLACED, size["organisations"] // 4))}),
        )
    }
    return size | both


def inside(folder: Path, environment: dict[str, str]) -> dict[str, Any]:
    """What tests/bench/on_nodes.py finds there, in a process of its own."""
    common = {
        "DJANGO_SETTINGS_MODULE": "tests.bench.settings.tenantry",
        "ENVIRONMENT": "development",
        "DEBUG": "0",
        "BASE_URL": "http://localhost",
        "ALLOWED_HOSTS": ".localhost",
        "LOG_LEVEL": "ERROR",
        "STATIC_ROOT": str(folder / "static"),
        "MEDIA_ROOT": str(folder / "media"),
        "MAILBOX_DIR": str(folder / "mail"),
    }
    log = folder / "log"
    with log.open("ab") as errors:
        done = subprocess.run(
            [sys.executable, "-m", "tests.bench.on_nodes"],
            cwd=BASE_DIR,
            env=os.environ | common | environment,
            stdout=subprocess.PIPE,
            stderr=errors,
            check=False,
        )
    if done.returncode:
        raise BenchFailed(tail(log))
    return json.loads(done.stdout.splitlines()[-1])


def tell(found: dict[str, Any]) -> None:
    plain, nodes = found["plain"], found["nodes"]
    out = [f"{'':<44}{'plain':>10}{'nodes':>10}"]
    for name in nodes:
        other = f"{plain[name]:>10.2f}" if name in plain else f"{'-':>10}"
        out.append(f"{name:<44}{other}{nodes[name]:>10.2f}")
    out.append(
        f"{found['organisations']} organisations; {os.cpu_count()} cores ({processor()}), load {os.getloadavg()[0]:.1f}"
    )
    sys.stdout.write("\n".join(out) + "\n")

"""One side of the bench of nodes, in a process of its own: prints what it measured, as JSON."""

import json
import os
import secrets
import sys
import time
from collections.abc import Callable
from functools import partial
from io import StringIO
from threading import Event, Thread
from typing import Any

import django

django.setup()  # Before what follows is imported.

from django.core.management import call_command  # noqa: E402  see above
from django.db import connection, connections  # noqa: E402  see above

from profiles.audit.models import Entry  # noqa: E402  see above
from profiles.models import Profile  # noqa: E402  see above
from profiles.testing import SiteClient, make_people, person  # noqa: E402  see above
from tenants.context import as_owner, public, within  # noqa: E402  see above
from tenants.models import Tenant  # noqa: E402  see above
from tenants.nodes.engine import node_named  # noqa: E402  see above
from tenants.nodes.placing import bring_home, place  # noqa: E402  see above
from tenants.organisations.sign_up import sign_up  # noqa: E402  see above
from tenants.schemas.spares import make_spare  # noqa: E402  see above
from tests.bench.figures import median, quantile  # noqa: E402  see above
from tests.tenants.migrating import later_code  # noqa: E402  see above

ORGANISATIONS, MEGABYTES, PLACED = (int(os.environ[name]) for name in ("ORGANISATIONS", "MEGABYTES", "BENCH_PLACED"))
TIMES, PAGES = 20, 150
EVERY = 0.05  # seconds: 20 reads and 20 writes a second
# About 1.4 kB a row.
FILL = """
INSERT INTO audit_entry ({columns}) SELECT {columns} FROM audit_entry, generate_series(1, %s) WHERE kind = 'filler'
"""

Found = dict[str, float]


def main() -> None:
    call_command("migrate", verbosity=0)
    call_command("collectstatic", interactive=False, verbosity=0)
    found: Found = {}
    found["a spare, ms"] = 1000 * median([seconds(make_spare) for _ in range(TIMES)])
    found["a sign-up, ms"] = 1000 * median([seconds(partial(new, number)) for number in range(TIMES)])
    for number in range(TIMES, ORGANISATIONS):
        make_spare()
        new(number)
    tenants = list(Tenant.objects.active().order_by("pk"))
    with within(tenants[0]):
        make_people("of0")
    found |= pages(tenants[0], "page of one on the coordinator")
    if PLACED:
        found |= on_nodes(tenants)
    found |= migrated()
    sys.stdout.write(json.dumps(found))


def on_nodes(tenants: list[Tenant]) -> Found:
    found: Found = {}
    took = []
    for number, tenant in enumerate(tenants[-PLACED:]):
        node = node_named(f"n{number % 2 + 1}")
        took.append(seconds(partial(place, tenant, node, silent)))
    found["placing an empty one, s"] = median(took)
    with within(tenants[-1]):
        make_people("of-last")
    found |= pages(tenants[-1], "page of a placed one")
    for tenant in tenants[-PLACED:]:
        pages(tenant, "", times=1)
    found["connections held behind 10 placed ones"] = held()
    return found | under_load(tenants[1])


def under_load(tenant: Tenant) -> Found:
    """Placing, moving and bringing back a big organisation while people read and write."""
    fill(tenant)
    found: Found = {}
    steps: dict[str, Callable[[], Any]] = {
        "placing": lambda: place(tenant, node_named("n1"), silent),
        "moving": lambda: place(tenant, node_named("n2"), silent),
        "bringing back": lambda: bring_home(tenant, silent),
    }
    for name, step in steps.items():
        with_load = Load(tenant)
        found[f"{name} {MEGABYTES} MB, s"] = seconds(step)
        with_load.end()
        found[f"  requests meanwhile, while {name}"] = len(with_load.took)
        found[f"  failed, while {name}"] = with_load.failed
        found[f"  longest write, s, while {name}"] = max(with_load.writes, default=0)
        found[f"  longest read, s, while {name}"] = max(with_load.reads, default=0)
    return found


def fill(tenant: Tenant) -> None:
    fields = [field for field in Entry._meta.concrete_fields if not field.primary_key and not field.generated]
    columns = ", ".join(connection.ops.quote_name(str(field.column)) for field in fields)
    with within(tenant), as_owner(), connection.cursor() as cursor:
        text = "".join(secrets.token_hex(8) for _ in range(80))
        Entry.objects.create(kind="filler", actor="system", terms=[], changes={"text": text})
        cursor.execute(FILL.format(columns=columns), [MEGABYTES * 700])


class Load:
    """Twenty reads and twenty writes a second, as people do them, until it is ended."""

    def __init__(self, tenant: Tenant) -> None:
        self.tenant, self.ended = tenant, Event()
        self.reads: list[float] = []
        self.writes: list[float] = []
        self.failed = 0
        self.threads = [
            Thread(target=self.run, args=each) for each in ((self.read, self.reads), (self.write, self.writes))
        ]
        for thread in self.threads:
            thread.start()

    @property
    def took(self) -> list[float]:
        return self.reads + self.writes

    def run(self, do: Callable[[], None], took: list[float]) -> None:
        while not self.ended.wait(EVERY):
            began = time.perf_counter()
            try:
                do()
            except Exception:  # noqa: BLE001  counted
                self.failed += 1
            took.append(time.perf_counter() - began)
        connections.close_all()

    def read(self) -> None:
        with within(self.tenant):
            list(Profile.objects.select_related("user")[:30])

    def write(self) -> None:
        with within(self.tenant):
            Profile.objects.update(location=f"Rome {time.time():.3f}")

    def end(self) -> None:
        self.ended.set()
        for thread in self.threads:
            thread.join()


def migrated() -> Found:
    """Seconds of a column more, in all organisations."""
    os.environ["BENCH_COLUMNS"] = "1"
    with later_code("tests.bench.migrations"):
        took = seconds(lambda: call_command("migrate", verbosity=0, jobs=2, stdout=StringIO()))
    return {f"migrate of {ORGANISATIONS} organisations, s": took}


def pages(tenant: Tenant, name: str, *, times: int = PAGES) -> Found:
    client = SiteClient(tenant).sign_in(person(tenant, "owner"))
    assert client.get("/people/").status_code == 200
    took = [1000 * seconds(lambda: client.get("/people/")) for _ in range(times)]
    return {f"{name}, median ms": median(took), f"{name}, p95 ms": quantile(took, 0.95)}


def held() -> float:
    """Connections of organisations' roles to workers."""
    query = "SELECT count(*) FROM pg_stat_activity WHERE usename LIKE 't\\_%' AND datname = current_database()"
    with public(), as_owner(), connection.cursor() as cursor:
        cursor.execute("SELECT sum(result::int) FROM run_command_on_workers(%s)", [query])
        return float(cursor.fetchone()[0])


def new(number: int) -> Tenant:
    email = f"owner@of{number}.example"
    return sign_up(
        organisation=f"Organisation {number}", slug=f"of{number}", name="Olga Owner", email=email, password="a long one"
    ).tenant


def seconds(do: Callable[[], Any]) -> float:
    began = time.perf_counter()
    do()
    return time.perf_counter() - began


def silent(_what: str) -> None:
    """For placing, which tells how far it is."""


if __name__ == "__main__":
    main()

"""A large organisation moves: exported and imported by the commands, which need no more memory than for a small one."""

import time
from collections.abc import Callable, Iterator
from io import BytesIO
from random import Random

import psutil
from django.core.files.base import File
from django.core.files.storage import default_storage

from profiles.models import User
from profiles.testing import new_organisation
from tenants.context import within
from tenants.models import Tenant
from tests.bench.memory import mebibytes
from tests.torture.arena import Arena
from tests.torture.outages import Outage
from tests.torture.processes import Nursery

SMALL = 1_000
MEBIBYTE = 2**20
# Of what the process has more with the large one; zip's directory is part of it.
MORE_MIB = 32


def play(arena: Arena, random: Random, members: int, files: int, say: Callable[[str], None]) -> Iterator[Outage]:
    """Export and import of a small organisation, and of one with so many members, and files of a MiB."""
    nursery = arena.nursery()
    peaks: dict[str, float] = {}
    for number, size in ((SMALL, 1), (members, files)):
        say(f"making an organisation of {number} members and {size} MiB")
        tenant = made(f"moves-{random.randrange(10**9)}", number, size)
        outage = Outage(f"{number} members and {size} MiB of files move")
        path = arena.folder / f"{tenant.slug}.zip"
        steps = {
            "export": ["export_organisation", str(tenant.slug), "--output", str(path)],
            "import": ["import_organisation", str(path), "--as", f"{tenant.slug}-again"],
            "comparison": ["compare_organisations", str(tenant.slug), f"{tenant.slug}-again"],
        }
        for name, command in steps.items():
            say(name)
            seconds, peak, status = watched(nursery, command)
            outage.figures.append(f"{name} {seconds:.1f} s, {peak:.0f} MiB at most")
            # The import is without secrets, so the comparison finds differences.
            outage.demand(status == 0 or name == "comparison", f"{name} ended with status {status}")
            allowed = peaks.setdefault(name, peak) + MORE_MIB
            outage.demand(peak <= allowed, f"{name} needs {peak:.0f} MiB instead of {allowed:.0f} at most")
        outage.figures.append(f"the file has {path.stat().st_size / MEBIBYTE:.0f} MiB")
        path.unlink()
        yield outage


def made(slug: str, members: int, size: int) -> Tenant:
    tenant = new_organisation(slug)
    with within(tenant):
        for start in range(0, members, SMALL):
            names = (f"member{number}" for number in range(start, min(start + SMALL, members)))
            User.objects.bulk_create([User(username=name, email=f"{name}@{slug}.example") for name in names])
        for number in range(size):
            default_storage.save(f"photos/{number}/512.webp", File(BytesIO(bytes(MEBIBYTE))))
    return tenant


def watched(nursery: Nursery, command: list[str]) -> tuple[float, float, int | None]:
    """Seconds, the most MiB of its own at any look, and how it ended."""
    began, peak = time.monotonic(), 0.0
    running = nursery.begin(*command)
    while not running.is_over():
        try:
            peak = max(peak, mebibytes(running.pid)["private"])
        except (FileNotFoundError, ProcessLookupError, psutil.NoSuchProcess):
            break
        time.sleep(0.05)
    running.wait()
    return time.monotonic() - began, peak, running.status

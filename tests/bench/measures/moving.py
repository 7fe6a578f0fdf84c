"""An organisation of 100,000 members and gigabytes of files is exported, and its import is tried: memory at the peak.

The files are holes, and so is most of the zip: neither takes room on the disk.
"""

from tests.bench.arena import MOVING, Arena
from tests.bench.figures import TENANTRY, Row

FEW = {"members": 1_000, "files": 100}
FILES_OF_A_GIBIBYTE = 1024


def measure(arena: Arena) -> list[Row]:
    files = arena.size.gibibytes * FILES_OF_A_GIBIBYTE
    arena.ask(MOVING, "move", **FEW)  # What a process loads once does not count.
    few = arena.ask(MOVING, "move", **FEW)
    many = arena.ask(MOVING, "move", members=arena.size.members, files=files)
    what = f"{arena.size.members:,} members, {arena.size.gibibytes} GiB in {files:,} files"
    return [
        Row(f"{work} of {what}: memory at its peak", "MiB", {TENANTRY: many[work]}, at_most=MOST[work]) for work in few
    ] + [Row(f"{work} of 1,000 members, 100 MiB: memory at its peak", "MiB", {TENANTRY: few[work]}) for work in few]


# MiB. The list of all files in the zip is in memory, about 1 kB for each.
MOST = {"export": 16, "import": 32}

"""A photo as telephones take it, decoded, cropped and written in three sizes by the process that does it for a page."""

import io
import json
import subprocess
import sys
import tempfile
from pathlib import Path

from PIL import Image

from tests.bench.arena import Arena
from tests.bench.figures import TENANTRY, Row, median

SIDES = (4000, 3000)
# What it may take: a third of a second, and 80 MB.
SECONDS, BYTES = 1 / 3, 80_000_000
# As profiles/pictures/sandbox.py starts it. That module needs Django's settings, which each contestant has of its own.
WORKER, CODE = (sys.executable, "-m", "profiles.pictures.worker"), Path(__file__).parents[3]


def measure(arena: Arena) -> list[Row]:
    picture = photo()
    rounds = [decode(picture) for _ in range(max(3, arena.size.rounds))]
    seconds, size = median([each[0] for each in rounds]), max(each[1] for each in rounds)
    work = f"a photo of {SIDES[0] * SIDES[1] / 1e6:.0f} megapixels"
    return [
        Row(
            f"{work}: of a third of a second", "fold", {TENANTRY: seconds / SECONDS}, at_most=1, note=f"{seconds:.3f} s"
        ),
        Row(f"{work}: of 80 MB", "fold", {TENANTRY: size / BYTES}, at_most=1, note=f"{size / 1e6:.0f} MB"),
    ]


def photo() -> bytes:
    """Shades with some grain: about as large a file as a telephone's."""
    across = Image.linear_gradient("L").resize(SIDES)
    grain = Image.effect_noise(SIDES, 12)
    shades = [Image.blend(layer, grain, 0.3) for layer in (across, across.rotate(180), grain)]
    Image.merge("RGB", shades).save(kept := io.BytesIO(), "JPEG", quality=88)
    return kept.getvalue()


# Linux counts what the process that starts another one has as the other's memory too: so a small one starts it.
LAUNCH = """
import json, os, subprocess, sys
worker = subprocess.Popen(sys.argv[1:], stdin=sys.stdin, stdout=subprocess.DEVNULL, env={})
_pid, status, usage = os.wait4(worker.pid, 0)
print(json.dumps([status, usage.ru_utime + usage.ru_stime, usage.ru_maxrss * 1024]))
"""


def decode(picture: bytes) -> tuple[float, int]:
    """Seconds of the processor, and bytes of memory at the peak, of the whole process with its start."""
    with tempfile.TemporaryFile() as file:
        file.write(picture)
        file.seek(0)
        command = [sys.executable, "-c", LAUNCH, *WORKER]
        said = subprocess.run(command, stdin=file, stdout=subprocess.PIPE, cwd=CODE, check=True).stdout
    status, seconds, size = json.loads(said)
    if status:
        raise RuntimeError(f"The worker ended with {status}.")
    return seconds, size

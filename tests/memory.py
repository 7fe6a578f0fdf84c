"""A folder in memory for the tests' PostgreSQL, where the system has one. `python -m tests.memory` removes it."""

import hashlib
import os
import shutil
import stat
from pathlib import Path

from config import brand

ROOT = Path(__file__).parents[1]
# A file system in memory on Linux. In a container it is often too small.
MEMORY = Path("/dev/shm")
# Far more than the data of eight processes of tests.
ROOM = 4 * 1024**3


def own_folder() -> Path:
    """Of this user and this copy of the repository."""
    return MEMORY / f"{brand.SLUG}-{os.geteuid()}-{hashlib.sha256(os.fsencode(ROOT)).hexdigest()[:16]}"


def data_folder(otherwise: str) -> str:
    """Where PostgreSQL's data goes: into memory, or `otherwise` where that is missing, full or someone else's."""
    folder = own_folder()
    try:
        folder.mkdir(mode=0o700, exist_ok=True)
        found = folder.lstat()
        has_room = shutil.disk_usage(folder).free >= ROOM
    except OSError:
        return otherwise
    is_own = stat.S_ISDIR(found.st_mode) and found.st_uid == os.geteuid()
    return str(folder / "postgres") if is_own and has_room else otherwise


if __name__ == "__main__":
    shutil.rmtree(own_folder(), ignore_errors=True)

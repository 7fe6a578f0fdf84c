"""A folder in memory for the tests' PostgreSQL, where the system has one. `python -m tests.memory` removes it."""

import hashlib
import os
import shutil
import stat
from contextlib import suppress
from pathlib import Path

from config import brand

ROOT = Path(__file__).parents[1]
# A file system in memory on Linux. In a container it is often too small.
MEMORY = Path("/dev/shm")
# Far more than the data of eight processes of tests.
ROOM = 4 * 1024**3
# A file in the folder, with the path of the copy whose tests it is for.
NOTE = "copy-of-the-repository"


def own_folder() -> Path:
    """Of this user and this copy of the repository."""
    return MEMORY / f"{brand.SLUG}-{os.geteuid()}-{hashlib.sha256(os.fsencode(ROOT)).hexdigest()[:16]}"


def remove_lost_ones() -> None:
    """Remove the folders of copies that are no longer there: nothing else would, until the machine starts anew."""
    for note in MEMORY.glob(f"*-{os.geteuid()}-*/{NOTE}"):
        with suppress(FileNotFoundError):  # another process of tests was faster
            if note.lstat().st_uid == os.geteuid() and not Path(note.read_text()).exists():
                shutil.rmtree(note.parent, ignore_errors=True)


def data_folder(otherwise: str) -> str:
    """Where PostgreSQL's data goes: into memory, or `otherwise` where that is missing, full or someone else's."""
    folder = own_folder()
    try:
        remove_lost_ones()
        folder.mkdir(mode=0o700, exist_ok=True)
        found = folder.lstat()
        if not stat.S_ISDIR(found.st_mode) or found.st_uid != os.geteuid() or shutil.disk_usage(folder).free < ROOM:
            return otherwise
        (folder / NOTE).write_text(str(ROOT))
    except OSError:
        return otherwise
    return str(folder / "postgres")


if __name__ == "__main__":
    shutil.rmtree(own_folder(), ignore_errors=True)

"""Under which system account the bundled server runs: one's own, or, for root, another one."""

import os
import pwd
import stat
import subprocess
from pathlib import Path
from typing import Any

ACCOUNT = "pgserver"


def owner_for(data: Path) -> int | None:
    """The user id to run the server as, or None for one's own. Makes an account if root has no other."""
    if os.geteuid() != 0:
        return None
    if data.exists():
        return data.stat().st_uid
    try:
        return pwd.getpwnam(ACCOUNT).pw_uid
    except KeyError:
        subprocess.run(
            ["useradd", "--system", "--no-create-home", "--shell", "/usr/sbin/nologin", ACCOUNT],  # noqa: S607  sbin is on root's PATH
            check=True,
            capture_output=True,
        )
    return pwd.getpwnam(ACCOUNT).pw_uid


def as_account(owner: int | None) -> dict[str, Any]:
    """Arguments that make `subprocess.run` run a program as `owner`, with that account's groups alone."""
    if owner is None:
        return {}
    group = pwd.getpwuid(owner).pw_gid
    return {"user": owner, "group": group, "extra_groups": [group]}


def open_the_way(path: Path) -> None:
    """Let every account pass through the folders above `path`; they can still not be listed."""
    for folder in path.parents:
        mode = folder.stat().st_mode
        if not mode & stat.S_IXOTH:
            folder.chmod(mode | stat.S_IXOTH)


def make_folder(path: Path, owner: int | None) -> None:
    """A folder that `owner` alone can enter; an existing one must be so already."""
    path.mkdir(mode=0o700, exist_ok=True)
    if owner is not None and path.stat().st_uid == 0:
        os.chown(path, owner, pwd.getpwuid(owner).pw_gid)
    found = path.lstat()
    if found.st_uid != (os.geteuid() if owner is None else owner) or not stat.S_ISDIR(found.st_mode):
        raise PermissionError(f"{path} belongs to somebody else")

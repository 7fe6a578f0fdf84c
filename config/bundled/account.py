"""The system account of the bundled server: the user's own, or, for root, another one."""

import os
import pwd
import stat
import subprocess
from pathlib import Path
from typing import Any

ACCOUNT = "pgserver"


def owner_for(data: Path) -> int | None:
    """The user id to run the server as, or None for the user's own. For root it creates an account if needed."""
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
    """Arguments for `subprocess.run` to run a program as `owner`, with that account's groups alone."""
    if owner is None:
        return {}
    group = pwd.getpwuid(owner).pw_gid
    return {"user": owner, "group": group, "extra_groups": [group]}


def open_the_way(path: Path) -> None:
    """Let every account traverse the folders above `path`, but not list them."""
    for folder in path.parents:
        mode = folder.stat().st_mode
        if not mode & stat.S_IXOTH:
            folder.chmod(mode | stat.S_IXOTH)


def make_folder(path: Path, owner: int | None) -> None:
    """Create a folder that only `owner` can enter. Raises PermissionError if one exists that is not."""
    path.mkdir(mode=0o700, exist_ok=True)
    if owner is not None and path.stat().st_uid == 0:
        os.chown(path, owner, pwd.getpwuid(owner).pw_gid)
    found = path.lstat()
    if found.st_uid != (os.geteuid() if owner is None else owner) or not stat.S_ISDIR(found.st_mode):
        raise PermissionError(f"{path} belongs to another user")

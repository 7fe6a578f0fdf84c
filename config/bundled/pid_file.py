"""postmaster.pid: which process is the server.

The file outlives a crash, and the number in it may then be another process's.
"""

from pathlib import Path

import psutil

# No process has this id, on no system: https://man7.org/linux/man-pages/man5/proc_sys_kernel.5.html (pid_max)
NOBODY = 2**22


class PidFile:
    """The pid file in a server's data folder."""

    def __init__(self, data: Path) -> None:
        self.data = data
        self.path = data / "postmaster.pid"

    def exists(self) -> bool:
        """Whether a server runs, or was killed."""
        return self.path.exists()

    def is_alive(self) -> bool:
        """Whether the process with that number is the server on this folder."""
        try:
            process = psutil.Process(self._number())
            return process.name() == "postgres" and Path(process.cwd()) == self.data
        except (FileNotFoundError, psutil.Error):
            return False

    def forget_recycled(self) -> None:
        """PostgreSQL does not start while any process of its account has the number in the file: take it out.

        The rest of the file has to stay: with it PostgreSQL finds workers that outlived their killed server.
        """
        if self.exists() and psutil.pid_exists(self._number()):
            _, newline, rest = self.path.read_text().partition("\n")
            self.path.write_text(f"{NOBODY}{newline}{rest}")

    def _number(self) -> int:
        return int(self.path.read_text().partition("\n")[0] or NOBODY)

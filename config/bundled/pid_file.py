"""postmaster.pid, which has the server's process id.

The file stays after a crash, and its process id may then belong to another process.
"""

from pathlib import Path

import psutil

# No process on any system has this id: https://man7.org/linux/man-pages/man5/proc_sys_kernel.5.html (pid_max)
NO_PROCESS = 2**22


class PidFile:
    """The pid file in a server's data folder."""

    def __init__(self, data: Path) -> None:
        self.data = data
        self.path = data / "postmaster.pid"

    def exists(self) -> bool:
        """Is a server running, or was it killed?"""
        return self.path.exists()

    def is_alive(self) -> bool:
        """Is the process with that id the server on this folder?"""
        try:
            process = psutil.Process(self._number())
            return process.name() == "postgres" and Path(process.cwd()) == self.data
        except (FileNotFoundError, psutil.Error):
            return False

    def forget_recycled(self) -> None:
        """Remove the process id if it belongs to another process of the account: PostgreSQL would refuse to start.

        The rest of the file has to stay: PostgreSQL uses it to find workers that outlived their killed server.
        """
        if self.exists() and psutil.pid_exists(self._number()):
            _, newline, rest = self.path.read_text().partition("\n")
            self.path.write_text(f"{NO_PROCESS}{newline}{rest}")

    def _number(self) -> int:
        return int(self.path.read_text().partition("\n")[0] or NO_PROCESS)

"""Processes that a test has started, or that those have started."""

import psutil


def lives(process: psutil.Process) -> bool:
    """Is the process alive? A dead one may still exist until its new parent has reaped it."""
    try:
        return process.status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False

"""Runs a command for as long as our standard input is open: a killed bench leaves no server behind."""

import os
import signal
import subprocess
import sys

# gunicorn lets requests end for 30 seconds.
END_SECONDS = 35


def main() -> None:
    command = subprocess.Popen(sys.argv[1:], stdin=subprocess.DEVNULL, start_new_session=True)
    sys.stdin.read()
    command.terminate()
    try:
        command.wait(END_SECONDS)
    except subprocess.TimeoutExpired:
        os.killpg(command.pid, signal.SIGKILL)
        command.wait()


if __name__ == "__main__":
    main()
